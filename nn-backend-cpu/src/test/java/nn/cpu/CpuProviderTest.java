package nn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.ServiceLoader;
import nn.backend.BackendProvider;
import nn.backend.Device;
import nn.backend.Probe;
import nn.cpu.codegen.Species;
import org.junit.jupiter.api.Test;

class CpuProviderTest {

  /** Run in a JVM of its own, without the vector module. */
  static final class ProbeMain {
    private ProbeMain() {}

    public static void main(String[] args) {
      Probe probe = new CpuProvider().probe();
      System.out.println(probe.isUsable() + "; " + probe.reason() + "; " + probe.remedy());
    }
  }

  @Test
  void isFoundAndUsable() {
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.name().equals("cpu"))
            .findFirst()
            .orElseThrow();
    Device device = Objects.requireNonNull(provider.probe().device());
    assertThat(device.detail()).isEqualTo(32 * Species.LANES + "-bit vectors");
    assertThat(device.threads()).isPositive();
    assertThat(device.name()).isNotBlank();
  }

  @Test
  void namesTheFlagWhereTheModuleIsMissing() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    Process process =
        new ProcessBuilder(java, "-cp", classes, ProbeMain.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(printed)
        .startsWith("false; ")
        .contains("not readable")
        .endsWith("Start java with --add-modules jdk.incubator.vector.");
  }
}
