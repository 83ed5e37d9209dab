package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import nn.backend.Backend;
import nn.backend.Backends;
import nn.backend.Buffer;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Operand;
import nn.backend.OutOfDeviceMemoryException;
import nn.backend.Shape;
import nn.backend.Transfer;
import nn.cuda.driver.CudaException;
import nn.cuda.emulator.Emulator;
import nn.expr.Expr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the backend makes of a card that fails. */
class CudaFaultsTest {
  private static final int MIB = 1 << 20;
  private static final Expr X = Expr.input(0);

  private Emulator emulator;

  @BeforeEach
  void require() {
    emulator = Emulator.require();
  }

  @AfterEach
  void nothingIsLeft() {
    if (emulator != null) { // null where there is no compiler
      emulator.reset();
      assertThat(emulator.living()).isEmpty();
    }
  }

  private static Operand array(Backend backend, int n) {
    return Operand.of(backend.allocate(DType.F32, n), Shape.of(n));
  }

  @Test
  void waitingMemoryMakesRoom() {
    emulator.setMemory(64 * MIB);
    try (CudaBackend backend = EmulatedBackends.open()) {
      backend.free(backend.allocate(DType.U8, 40 * MIB));
      Buffer another = backend.allocate(DType.U8, 50 * MIB);
      assertThat(another.length()).isEqualTo(50 * MIB);
    }
  }

  @Test
  void outOfMemorySaysWhatIsAskedAndHeldAndLeavesTheBackendUsable() {
    emulator.setMemory(64 * MIB);
    try (CudaBackend backend = EmulatedBackends.open()) {
      Buffer held = backend.allocate(DType.F32, 10 * MIB);
      assertThatThrownBy(() -> backend.allocate(DType.F32, 10 * MIB))
          .isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageContaining("10,485,760 elements of F32")
          .hasMessageContaining("40.0 MiB")
          .hasMessageContaining("nn holds")
          .hasMessageContaining("smaller batch");
      backend.free(held);
      Operand x = array(backend, 10 * MIB);
      assertThat(x.buffer().length()).isEqualTo(10 * MIB);
    }
  }

  @Test
  void allocationThatFailsOnceIsTriedAgain() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      emulator.failAllocation(1);
      Operand x = array(backend, 123_457);
      assertThat(x.buffer().length()).isEqualTo(123_457);
    }
  }

  @Test
  void anyAllocationThatFailsWhileOpeningLeavesNothing() {
    for (int n = 1; n < 20; n++) {
      emulator.failAllocation(n);
      try (CudaBackend backend = EmulatedBackends.open()) {
        assertThat(backend.usedBytes()).isPositive();
      } catch (CudaException | OutOfDeviceMemoryException expected) {
        assertThat(expected).hasMessageNotContainingAny("null");
      }
      emulator.reset();
      assertThat(emulator.living()).as("allocation %d failed", n).isEmpty();
    }
  }

  @Test
  void failedLaunchIsNamedAndTheBackendCloses() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      Operand x = array(backend, 10);
      emulator.failLaunch(1);
      assertThatThrownBy(() -> backend.run(Elementwise.of(X.add(1), x, x)))
          .isInstanceOf(CudaException.class)
          .hasMessageContaining("run the kernel elementwise")
          .hasMessageContaining("CUDA_ERROR");
    }
  }

  @Test
  void failedLaunchWhileRecordingLeavesTheStreamUsable() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      Operand x = array(backend, 10);
      long before = backend.usedBytes();
      emulator.failLaunch(2);
      assertThatThrownBy(() ->
              backend.compile(
                  List.of(Elementwise.of(X.add(1), x, x), Elementwise.of(X.add(2), x, x))))
          .isInstanceOf(CudaException.class);
      assertThat(backend.usedBytes()).isEqualTo(before);
      backend.run(Elementwise.of(X.add(3), x, x));
      assertThat(Transfer.read(backend, x.buffer())).containsOnly(3);
    }
  }

  @Test
  void failedCompilationHasTheCompilersWords(@TempDir Path folder) {
    Expr unusual = X.mul(0.123456).add(0.654321);
    try (CudaBackend backend = EmulatedBackends.open(ProductBinder.MOST_WORK, folder)) {
      Operand x = array(backend, 10);
      emulator.failCompilation(1);
      assertThatThrownBy(() -> backend.run(Elementwise.of(unusual, x, x)))
          .isInstanceOf(CudaException.class)
          .hasMessageContaining("NVRTC")
          .hasMessageContaining("a compilation that was to fail");
    }
  }

  @Test
  void lostCardFailsEveryCallButClose() {
    CudaBackend backend = EmulatedBackends.open();
    Operand x = array(backend, 10);
    Executable executable = backend.compile(List.of(Elementwise.of(X.add(1), x, x)));
    emulator.loseDevice();
    assertThatThrownBy(() -> executable.run(1)).isInstanceOf(CudaException.class);
    assertThatThrownBy(() -> Transfer.read(backend, x.buffer())).isInstanceOf(CudaException.class);
    assertThatThrownBy(() -> backend.allocate(DType.F32, 100_000))
        .isInstanceOf(CudaException.class);
    assertThatCode(executable::close).doesNotThrowAnyException();
    assertThatCode(backend::close).doesNotThrowAnyException();
    assertThatCode(Backends::find).doesNotThrowAnyException();
    assertThat(new CudaProvider().probe().isUsable()).isFalse();
  }
}
