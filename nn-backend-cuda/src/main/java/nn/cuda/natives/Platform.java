package nn.cuda.natives;

import java.util.List;
import java.util.Optional;

/** A platform that JCuda has natives for, and how libraries are called there. */
public enum Platform {
  LINUX("linux-x86_64"),
  WINDOWS("windows-x86_64");

  private final String id;

  Platform(String id) {
    this.id = id;
  }

  /** The platform of the values of {@code os.name} and {@code os.arch}, if JCuda has it. */
  static Optional<Platform> of(String system, String architecture) {
    if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
      return Optional.empty();
    }
    if (system.startsWith("Windows")) {
      return Optional.of(WINDOWS);
    }
    return system.equals("Linux") ? Optional.of(LINUX) : Optional.empty();
  }

  /** The folders of a toolkit that hold its libraries, best first. */
  List<String> folders() {
    return this == LINUX
        ? List.of("lib64", "lib", "targets/x86_64-linux/lib", "")
        : List.of("bin/x64", "bin", "");
  }

  String driver() {
    return this == LINUX ? "libcuda.so.1" : "nvcuda.dll";
  }

  String cublas(int major) {
    return this == LINUX ? "libcublas.so." + major : "cublas64_" + major + ".dll";
  }

  /** cuBLAS needs it; the two lie side by side. */
  String cublasLt(int major) {
    return this == LINUX ? "libcublasLt.so." + major : "cublasLt64_" + major + ".dll";
  }

  String nvrtc(int major) {
    return this == LINUX ? "libnvrtc.so." + major : "nvrtc64_" + major + "0_0.dll";
  }

  /** A glob: NVRTC opens it when it compiles; the two lie side by side. */
  String nvrtcBuiltins(int major) {
    return this == LINUX
        ? "libnvrtc-builtins.so." + major + ".*"
        : "nvrtc-builtins64_" + major + "*.dll";
  }

  /** The file of JCuda's native library of this name and version. */
  String jcuda(String name, String version) {
    return this == LINUX
        ? "lib" + name + "-" + version + "-" + id + ".so"
        : name + "-" + version + "-" + id + ".dll";
  }
}
