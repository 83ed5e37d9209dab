package nn.cuda.emulator;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds the emulated libraries with the host's C++ compiler.
 *
 * @param sources the C++ files
 * @param target the folder that the libraries go to, and compiled kernels below it
 */
record EmulatorBuild(Path sources, Path target) {
  private static final List<String> LIBRARY =
      List.of("-std=c++17", "-O2", "-march=native", "-Wall", "-Wextra", "-Werror", "-fPIC");
  private static final List<String> UNITS =
      List.of("state", "memory", "stream", "launch", "device", "cublas", "nvrtc");

  /**
   * No fused multiply-add but where a kernel says so; every access of memory is reported by calls
   * that the thread sanitizer puts in.
   */
  private static final List<String> KERNEL =
      List.of(
          "-std=c++17",
          "-O1",
          "-w",
          "-march=native",
          "-ffp-contract=off",
          "-fno-exceptions",
          "-fno-asynchronous-unwind-tables",
          "-fsanitize=thread,alignment",
          "-fvisibility=hidden",
          "-fPIC",
          "-shared",
          "-nostdlib");

  /** The compiler to use: what CXX names, or the first of the usual names on the PATH. */
  static Optional<Path> compiler() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    String chosen = Optional.ofNullable(System.getenv("CXX")).orElse("");
    return Stream.of(chosen, "c++", "g++", "clang++")
        .filter(name -> !name.isBlank())
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(d -> Path.of(d, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Builds what is older than its sources; another process that wants the same waits. */
  void run(Path compiler) throws IOException, InterruptedException {
    Files.createDirectories(target);
    try (FileChannel lock =
            FileChannel.open(
                target.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = lock.lock()) {
      String state = state(compiler);
      Path stamp = target.resolve("stamp");
      if (!Files.exists(stamp) || !Files.readString(stamp).equals(state)) {
        build(compiler);
        Files.writeString(stamp, state);
      }
    }
  }

  private void build(Path compiler) throws IOException, InterruptedException {
    for (String header : List.of("kernel.h", "runtime.h")) {
      Files.copy(
          sources.resolve(header), target.resolve(header), StandardCopyOption.REPLACE_EXISTING);
    }
    List<Run> compilations = new ArrayList<>();
    for (String unit : UNITS) {
      String source = sources.resolve(unit + ".cpp").toString();
      compilations.add(
          start(compiler, LIBRARY, List.of("-c", source, "-o", object(unit).toString())));
    }
    for (Run compilation : compilations) {
      compilation.end();
    }
    link(
        compiler, "libcuda.so.1", List.of("-ldl"), "state", "memory", "stream", "launch", "device");
    link(compiler, "libcublas.so.12", onTheDriver("libcublas.so.12"), "cublas");
    link(compiler, "libnvrtc.so.12", onTheDriver("libnvrtc.so.12"), "nvrtc");
    String kernels = compiler + " " + String.join(" ", KERNEL) + " -I '" + target + "'";
    Files.writeString(target.resolve("compiler"), kernels);
  }

  /** What the libraries are made of. */
  private String state(Path compiler) throws IOException {
    StringBuilder state = new StringBuilder(compiler.toRealPath() + "\n" + LIBRARY + KERNEL + "\n");
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.sorted().toList()) {
        state.append(file.getFileName()).append('\n').append(Files.readString(file));
      }
    }
    return state.toString();
  }

  private Path object(String unit) {
    return target.resolve(unit + ".o");
  }

  private void link(Path compiler, String name, List<String> options, String... units)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-Wl,-soname," + name, "-o", target.resolve(name).toString()));
    for (String unit : units) {
      arguments.add(object(unit).toString());
    }
    arguments.addAll(options);
    start(compiler, List.of("-shared"), arguments).end();
  }

  private List<String> onTheDriver(String name) throws IOException {
    String script = versions(name).toString();
    return List.of("-L" + target, "-l:libcuda.so.1", "-Wl,--version-script", script);
  }

  /** A compiler at work. */
  private record Run(List<String> command, Process process) {
    void end() throws IOException, InterruptedException {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + "\n" + output);
      }
    }
  }

  private static Run start(Path compiler, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(compiler.toString()));
    command.addAll(options);
    command.addAll(arguments);
    return new Run(command, new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** JCuda's natives ask for functions of a version that has the library's name. */
  private Path versions(String name) throws IOException {
    Path script = target.resolve(name + ".map");
    String prefix = name.substring("lib".length(), name.indexOf('.'));
    Files.writeString(script, name + " { global: " + prefix + "*; local: *; };\n");
    return script;
  }
}
