package nn.cuda.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A machine in a folder, with empty files for libraries. */
final class Machine {
  private final Path root;
  private final Map<String, String> variables = new HashMap<>();
  private String system = "Linux";
  private String architecture = "amd64";
  private String java = "25.0.3";

  Machine(Path root) {
    this.root = root;
  }

  Machine file(String path) {
    return text(path, "");
  }

  Machine text(String path, String content) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A driver of a branch, as distributions install it. */
  Machine driver(String version) throws IOException {
    file("usr/lib/x86_64-linux-gnu/libcuda.so." + version);
    Files.createSymbolicLink(
        root.resolve("usr/lib/x86_64-linux-gnu/libcuda.so.1"), Path.of("libcuda.so." + version));
    return this;
  }

  /** cuBLAS and NVRTC of a major version. */
  Machine toolkit(String folder, int major) {
    return file(folder + "/libcublas.so." + major)
        .file(folder + "/libcublasLt.so." + major)
        .file(folder + "/libnvrtc.so." + major)
        .file(folder + "/libnvrtc-builtins.so." + major + ".0");
  }

  /** A variable whose value is a path on this machine. */
  Machine variable(String name, String path) {
    variables.put(name, root.resolve(path).toString());
    return this;
  }

  Machine of(String system, String architecture) {
    this.system = system;
    this.architecture = architecture;
    return this;
  }

  Machine java(String version) {
    this.java = version;
    return this;
  }

  Path path(String path) {
    return root.resolve(path);
  }

  CudaInstallation find() {
    return CudaInstallation.find(environment());
  }

  Environment environment() {
    return new Environment(
        variables,
        root,
        root.resolve("home/ada"),
        system,
        architecture,
        Runtime.Version.parse(java));
  }
}
