package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.DType;
import nn.backend.Device;
import nn.backend.NoBackendException;
import nn.backend.Precision;
import nn.backend.Probe;
import nn.cuda.emulator.Emulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CudaProviderTest {
  private Emulator emulator;

  @BeforeEach
  void require() {
    emulator = Emulator.require();
  }

  @AfterEach
  void reset() {
    if (emulator != null) { // null where there is no compiler
      emulator.reset();
    }
  }

  @Test
  void describesTheCardWithoutTakingAnythingOfIt() {
    Device device = EmulatedBackends.device();
    assertThat(device.backend()).isEqualTo("cuda");
    assertThat(device.name()).isEqualTo("Emulated NVIDIA GPU");
    assertThat(device.detail()).contains("compute 8.6").contains("2 multiprocessors");
    assertThat(device.memoryBytes()).isEqualTo(4L << 30);
    assertThat(emulator.living()).isEmpty();
  }

  @Test
  void isTheBestWhereItCanRun() {
    Backends.Choice choice = Backends.choose(Backends.AUTO);
    assertThat(choice.provider()).isInstanceOf(CudaProvider.class);
    for (Precision precision : Precision.values()) {
      try (Backend backend = choice.create(new BackendOptions(0, precision))) {
        assertThat(backend.device()).isEqualTo(choice.device());
        assertThat(backend.supports(DType.BF16)).isTrue();
      }
    }
    assertThat(emulator.living()).isEmpty();
  }

  @Test
  void saysInWordsThatACardCannotBeOpened() {
    emulator.failAllocation(2); // cuBLAS's own
    assertThatThrownBy(() -> new CudaProvider().create(BackendOptions.DEFAULT).close())
        .isInstanceOf(NoBackendException.class)
        .hasMessageStartingWith("the cuda backend cannot start: cuBLAS could not")
        .hasMessageContaining("nvidia-smi");
    assertThat(emulator.living()).isEmpty();
  }

  @Test
  void saysInWordsThatACardCannotBeUsed() {
    emulator.loseDevice();
    Probe probe = new CudaProvider().probe();
    assertThat(probe.isUsable()).isFalse();
    assertThat(probe.reason()).contains("CUDA could not start");
    assertThat(probe.remedy()).contains("nvidia-smi");
    assertThatThrownBy(() -> Backends.choose("cuda"))
        .isInstanceOf(NoBackendException.class)
        .hasMessageContaining("nvidia-smi");
    assertThat(Backends.choose(Backends.AUTO).explanation()).contains("not cuda");
    assertThatThrownBy(() -> new CudaProvider().create(BackendOptions.DEFAULT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CUDA could not start");
  }
}
