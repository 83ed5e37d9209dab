package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Device;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.ForwardingBackend;
import nn.backend.Gemm;
import nn.backend.Precision;
import nn.backend.Reduce;
import nn.cuda.codegen.CodeCache;
import nn.cuda.codegen.KernelSource;
import nn.cuda.codegen.KernelSpec;
import nn.cuda.emulator.Emulator;
import nn.data.Mnist;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Models;
import nn.loss.Losses;
import nn.optim.Adam;
import nn.tck.Case;
import nn.tck.Conformance;
import nn.tck.Verb;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NVIDIA's own compiler takes every kernel of the kit and of a training. */
class KernelCompilationTest {
  private static final String OLDEST = "compute_75";

  @TempDir private Path folder;

  /** Makes the kernels of all commands, and runs none. */
  private static final class IdleBackend extends ForwardingBackend {
    private final Session session;
    private final Binder binder;
    private final Kernels kernels;

    IdleBackend(CudaBackend inner, Session session, Path folder) {
      super(inner);
      this.session = session;
      this.binder = new Binder(session, ProductBinder.MOST_WORK);
      this.kernels = new Kernels(source -> new byte[1], new CodeCache(folder, "none"));
    }

    private void bind(Command command) {
      int processors = session.gpu().card().processors();
      try (Binding binding = new Binding(kernels, session.stream(), session.memory(), processors)) {
        binder.bind(command, binding);
      }
    }

    @Override
    public void gemm(Gemm gemm) {
      bind(gemm);
    }

    @Override
    public void elementwise(Elementwise elementwise) {
      bind(elementwise);
    }

    @Override
    public void reduce(Reduce reduce) {
      bind(reduce);
    }

    @Override
    public void chain(Chain chain) {
      bind(chain);
    }

    @Override
    public Executable compile(List<Command> commands) {
      return oneByOne(commands);
    }

    @Override
    public void close() {
      super.close();
      kernels.close();
    }
  }

  @Test
  void compilesForTheOldestAndTheNewestCard() throws Exception {
    Optional<Path> nvcc = nvcc();
    assumeTrue(nvcc.isPresent(), "no nvcc on the PATH nor in /usr/local/cuda/bin");
    Emulator.require();
    Set<KernelSpec> specs = specs();
    assertThat(specs).hasSizeGreaterThan(200);
    Path source = Files.writeString(folder.resolve("kernels.cu"), text(specs));
    List<Process> compilers = new ArrayList<>();
    for (String architecture : List.of(OLDEST, newest(nvcc.get()))) {
      compilers.add(compile(nvcc.get(), source, architecture));
    }
    for (Process compiler : compilers) {
      String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(compiler.waitFor()).as(output).isZero();
    }
  }

  private Set<KernelSpec> specs() throws Exception {
    Device device = EmulatedBackends.device();
    Session session = new Session(folder, Precision.F32);
    CudaBackend inner = new CudaBackend(device, session, ProductBinder.MOST_WORK);
    try (IdleBackend backend = new IdleBackend(inner, session, folder)) {
      for (Case each : Conformance.cases()) {
        if (each.verb() != Verb.DETERMINISM) {
          Conformance.attempt(each, backend);
        }
      }
      train(backend);
      return backend.kernels.known();
    }
  }

  private static void train(IdleBackend backend) throws Exception {
    Mnist mnist = Mnist.mini();
    var model =
        Models.mlp(784, new int[] {100, 100, 100, 100}, 10, Activations::relu, Initializers.he());
    TrainerOptions options = TrainerOptions.of(128, 1, 42, new Adam(), 0.001).withStepsPerEpoch(1);
    try (Trainer trainer = new Trainer(backend, model, Losses::softmaxCrossEntropy, options)) {
      trainer.fit(mnist.train(), mnist.test(), List.of());
    }
  }

  /** All kernels as one source, each in a namespace of its own: one start of the compiler. */
  private static String text(Set<KernelSpec> specs) {
    List<KernelSource> sources = specs.stream().map(KernelSpec::source).toList();
    StringBuilder text = new StringBuilder();
    text.append(
        sources.stream()
            .map(KernelSource::prelude)
            .max(Comparator.comparingInt(String::length))
            .orElseThrow());
    for (int i = 0; i < sources.size(); i++) {
      String name = sources.get(i).name();
      String body = sources.get(i).body().replace(" " + name + "(", " " + name + i + "(");
      text.append("\nnamespace n").append(i).append(" {\n").append(body).append("}\n");
    }
    return text.toString();
  }

  private static Optional<Path> nvcc() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/local/cuda/bin"))
        .map(directory -> Path.of(directory, "nvcc"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String newest(Path nvcc) throws IOException {
    Process list =
        new ProcessBuilder(nvcc.toString(), "--list-gpu-arch").redirectErrorStream(true).start();
    String all = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return all.lines().filter(line -> line.startsWith("compute_")).reduce(OLDEST, (a, b) -> b);
  }

  private Process compile(Path nvcc, Path source, String architecture) throws IOException {
    return new ProcessBuilder(
            nvcc.toString(),
            "-ptx",
            "-arch=" + architecture,
            "--fmad=false",
            "-std=c++17",
            "-o",
            folder.resolve(architecture + ".ptx").toString(),
            source.toString())
        .redirectErrorStream(true)
        .start();
  }
}
