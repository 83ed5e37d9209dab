package nn.cuda.natives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The one command that mends what lacks on this system. */
final class Remedies {
  private Remedies() {}

  static String driver(Environment environment) {
    if (Files.exists(environment.absolute(".dockerenv"))) {
      return "Start the container with: docker run --gpus all ...";
    }
    String system = system(environment);
    if (system.contains("ubuntu")) {
      return "With an NVIDIA card: sudo ubuntu-drivers install";
    }
    if (system.contains("debian")) {
      return "With an NVIDIA card: sudo apt install nvidia-driver";
    }
    return "With an NVIDIA card: install its driver from https://www.nvidia.com/drivers";
  }

  /** A folder of our own needs no rights and disturbs no Python. */
  static String toolkit(Environment environment, int newest) {
    String suffix = newest >= 13 ? "" : "-cu12";
    Path target = environment.ownToolkit();
    String python = environment.system().startsWith("Windows") ? "py" : "python3";
    return "Run: %s -m pip install --target %s nvidia-cublas%s nvidia-cuda-nvrtc%s"
        .formatted(python, target, suffix, suffix);
  }

  static String olderDriver(int version) {
    return "Update the driver to branch 525 or newer (this one knows CUDA %d.%d)"
        .formatted(version / 1000, version % 1000 / 10);
  }

  private static String system(Environment environment) {
    try {
      List<String> lines = Files.readAllLines(environment.absolute("etc/os-release"));
      return String.join(
          " ", lines.stream().filter(line -> line.matches("ID(_LIKE)?=.*")).toList());
    } catch (IOException unreadable) {
      return "";
    }
  }
}
