package nn.cuda.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import nn.cuda.emulator.Emulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
  @TempDir Path root;

  @Test
  void loadsOnceAndForAll() {
    Emulator.require();
    CudaLibraries first = CudaLibraries.load();
    assertThat(first.toolkit().major()).isEqualTo(12);
    assertThat(first.driver().origin()).startsWith("NN_CUDA_HOME=");
    assertThat(first.driverVersion()).isEqualTo(12060);
    String temporary = System.getProperty("java.io.tmpdir");
    assertThat(CudaLibraries.load()).isEqualTo(first);
    assertThat(System.getProperty("java.io.tmpdir")).isEqualTo(temporary);
  }

  @Test
  void aBrokenDriverIsToldByItsPath() {
    assumeTrue(
        Platform.of(System.getProperty("os.name"), System.getProperty("os.arch"))
            .equals(Optional.of(Platform.LINUX)));
    Machine machine =
        new Machine(root)
            .text("mine/libcuda.so.1", "this is no library")
            .toolkit("mine", 12)
            .variable("NN_CUDA_HOME", "mine");
    assertThatThrownBy(() -> CudaLibraries.load(machine.find()))
        .isInstanceOf(CudaUnavailableException.class)
        .hasMessageStartingWith("cannot load " + machine.path("mine/libcuda.so.1"))
        .extracting(e -> ((CudaUnavailableException) e).remedy())
        .asString()
        .contains("nn doctor");
  }
}
