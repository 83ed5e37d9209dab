package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import nn.cuda.emulator.Emulator;
import nn.tck.BackendConformanceTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The kit on the emulated card, which has no mercy on what a real one might let pass. */
class CudaConformanceTest extends BackendConformanceTest {
  private Emulator emulator;

  CudaConformanceTest() {
    super(EmulatedBackends::open);
  }

  @BeforeEach
  void require() {
    emulator = Emulator.require();
  }

  @AfterEach
  void obeyedTheRules() {
    if (emulator != null) { // null where there is no compiler
      assertThat(emulator.violations()).isEmpty();
      assertThat(emulator.living()).isEmpty();
    }
  }
}
