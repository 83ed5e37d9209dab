package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.ProfilingBackend;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.backend.Transfer;
import nn.backend.reference.ReferenceProvider;
import nn.cuda.emulator.Emulator;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kit does not ask: memory given back, orders of closing, threads, large transfers. */
class CudaBackendTest {
  private static final Expr X = Expr.input(0);

  private Emulator emulator;

  @BeforeEach
  void require() {
    emulator = Emulator.require();
  }

  @AfterEach
  void nothingIsLeft() {
    if (emulator != null) { // null where there is no compiler
      assertThat(emulator.violations()).isEmpty();
      assertThat(emulator.living()).isEmpty();
    }
  }

  private static Operand array(Backend backend, int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(backend.allocate(DType.F32, shape.size()), shape);
  }

  private static Command doubled(Operand x) {
    return Elementwise.of(X.mul(2), x, x);
  }

  private static Command total(Operand x, Operand sum) {
    return new Reduce(
        x.shape(), Program.of(X), List.of(Combiner.SUM), List.of(0), List.of(x), List.of(sum));
  }

  @Test
  void freedMemoryIsUsedAgainAndThenGivenBack() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      long before = backend.usedBytes();
      backend.free(backend.allocate(DType.F32, 1000));
      long allocations = emulator.count("allocations");
      for (int i = 0; i < 10; i++) {
        Buffer buffer = backend.allocate(DType.F32, 990 + i);
        backend.free(buffer);
      }
      assertThat(emulator.count("allocations")).isEqualTo(allocations);
      assertThat(backend.usedBytes()).isEqualTo(before);
    }
  }

  @Test
  void commandsAndExecutablesGiveTheirScratchBack() {
    try (CudaBackend backend = EmulatedBackends.open(EmulatedBackends.NONE_FUSED)) {
      Operand x = array(backend, 40_000);
      Operand sum = array(backend, 1);
      Operand column = array(backend, 8, 1);
      Operand product = array(backend, 8, 8);
      Command copying =
          Gemm.of(column.broadcastTo(Shape.of(8, 8)), column.broadcastTo(Shape.of(8, 8)), product);
      long before = backend.usedBytes();
      backend.run(total(x, sum));
      backend.run(copying);
      assertThat(backend.usedBytes()).isEqualTo(before);
      Executable executable = backend.compile(List.of(total(x, sum), copying));
      assertThat(backend.usedBytes()).isGreaterThan(before);
      executable.run(3);
      executable.close();
      executable.close();
      assertThat(backend.usedBytes()).isEqualTo(before);
    }
  }

  @Test
  void closesInAnyOrder() {
    CudaBackend backend = EmulatedBackends.open();
    Operand x = array(backend, 100);
    Executable executable = backend.compile(List.of(doubled(x)));
    Executable other = backend.compile(List.of(doubled(x)));
    executable.run(2);
    other.close();
    backend.close();
    assertThatCode(executable::close).doesNotThrowAnyException();
    assertThatCode(() -> backend.free(x.buffer())).doesNotThrowAnyException();
    assertThatThrownBy(() -> executable.run(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> backend.run(doubled(x))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(backend::synchronize).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void twoBackendsShareNothing() {
    CudaBackend one = EmulatedBackends.open();
    CudaBackend other = EmulatedBackends.open();
    Operand x = array(one, 3);
    Transfer.write(one, x.buffer(), 1, 2, 3);
    assertThatThrownBy(() -> other.run(doubled(x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another backend");
    other.close();
    one.run(doubled(x));
    assertThat(Transfer.read(one, x.buffer())).containsExactly(2, 4, 6);
    one.close();
  }

  @Test
  void refusesFreedBuffersAndThoseOfOthers() {
    try (CudaBackend backend = EmulatedBackends.open();
        Backend reference = new ReferenceProvider().create(nn.backend.BackendOptions.DEFAULT)) {
      Operand x = array(backend, 3);
      backend.free(x.buffer());
      assertThatThrownBy(() -> backend.run(doubled(x))).hasMessageContaining("freed");
      assertThatThrownBy(() -> backend.run(doubled(array(reference, 3))))
          .hasMessageContaining("another backend");
    }
  }

  @Test
  void copiesMoreThanOnePieceBothWays() {
    SplittableRandom random = new SplittableRandom(3);
    byte[] bytes = new byte[11_000_003];
    random.nextBytes(bytes);
    byte[] back = new byte[bytes.length];
    try (CudaBackend backend = EmulatedBackends.open()) {
      Buffer buffer = backend.allocate(DType.U8, bytes.length);
      backend.write(buffer, 0, MemorySegment.ofArray(bytes));
      backend.read(buffer, 0, MemorySegment.ofArray(back));
    }
    assertThat(Arrays.equals(bytes, back)).isTrue();
  }

  @Test
  void canMoveFromThreadToThread() throws InterruptedException {
    CudaBackend backend = EmulatedBackends.open();
    Operand x = array(backend, 4);
    Transfer.write(backend, x.buffer(), 1, 2, 3, 4);
    Executable executable = backend.compile(List.of(doubled(x)));
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              executable.run(1);
              backend.run(doubled(x));
              backend.synchronize();
            });
    other.join();
    assertThat(Transfer.read(backend, x.buffer())).containsExactly(4, 8, 12, 16);
    Thread.ofPlatform().start(backend::close).join();
  }

  @Test
  void manyStepsAreFewGraphsAndTheSameBits() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      Operand x = array(backend, 1);
      try (Executable executable = backend.compile(List.of(Elementwise.of(X.add(1), x, x)))) {
        long launched = emulator.count("graphLaunches");
        executable.run(83);
        assertThat(Transfer.read(backend, x.buffer())).containsExactly(83);
        assertThat(emulator.count("graphLaunches") - launched).isLessThan(20);
      }
    }
  }

  @Test
  void timesGraphsAndSingleCommandsByEvents() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      Operand x = array(backend, 1000);
      try (Executable executable = backend.compile(List.of(doubled(x)))) {
        long events = emulator.count("events");
        assertThat(backend.time(() -> executable.run(20))).isPositive();
        assertThat(backend.time(() -> backend.run(doubled(x)))).isPositive();
        long outer = backend.time(() -> assertThat(timed(backend, executable)).isPositive());
        assertThat(outer).isPositive();
        assertThat(emulator.count("events")).isEqualTo(events);
      }
    }
  }

  private static long timed(CudaBackend backend, Executable executable) {
    return backend.time(() -> executable.run(1));
  }

  @Test
  void whatFailsWhileItIsTimedLeavesNoEvents() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      long events = emulator.count("events");
      assertThatThrownBy(() ->
              backend.time(() -> {
                throw new IllegalStateException("no work");
              }))
          .hasMessage("no work");
      assertThat(emulator.count("events")).isEqualTo(events);
      assertThat(backend.time(() -> {})).isNotNegative();
    }
  }

  @Test
  void profilesByEventsWhatACompiledListHolds() {
    try (ProfilingBackend backend = new ProfilingBackend(EmulatedBackends.open())) {
      Operand x = array(backend, 1000);
      Operand sum = array(backend, 1);
      try (Executable executable = backend.compile(List.of(doubled(x), total(x, sum)))) {
        long events = emulator.count("events");
        executable.run(3);
        assertThat(emulator.count("events")).isEqualTo(events);
      }
      assertThat(backend.entries()).hasSize(2);
      assertThat(backend.entries())
          .allSatisfy(entry -> {
            assertThat(entry.calls()).isEqualTo(3);
            assertThat(entry.nanos()).isPositive();
          });
    }
  }

  @Test
  void reducesNothingOverAxesThatDoNotMerge() {
    try (CudaBackend backend = EmulatedBackends.open()) {
      Operand x = array(backend, 2, 3, 0, 5);
      Operand sums = array(backend, 1, 3, 1, 1);
      Transfer.write(backend, sums.buffer(), 7, 7, 7);
      backend.run(
          new Reduce(
              x.shape(),
              Program.of(X),
              List.of(Combiner.SUM),
              List.of(0, 2, 3),
              List.of(x),
              List.of(sums)));
      assertThat(Transfer.read(backend, sums.buffer())).containsExactly(0, 0, 0);
    }
  }

  @Test
  void largeElementwiseWorkGoesInFours() {
    int n = 5003;
    try (CudaBackend backend = EmulatedBackends.open()) {
      Operand x = array(backend, n);
      Operand row = array(backend, 1, 4);
      Operand matrix = array(backend, 1250, 4);
      Operand bytes = Operand.of(backend.allocate(DType.U8, n), Shape.of(n));
      double[] values = new double[n];
      Arrays.setAll(values, i -> i % 200);
      Transfer.write(backend, x.buffer(), values);
      Transfer.write(backend, row.buffer(), 1, 2, 3, 4);
      backend.run(Elementwise.of(X.add(1).toInt(), bytes, x));
      backend.run(
          Elementwise.of(
              X.add(Expr.index(0).toFloat()).add(Expr.position().toFloat()), matrix, row));
      Arrays.setAll(values, i -> i % 200 + 1);
      assertThat(Transfer.read(backend, bytes.buffer())).containsExactly(values);
      double[] sums = new double[5000];
      Arrays.setAll(sums, i -> i % 4 + 1 + i / 4 + i);
      assertThat(Transfer.read(backend, matrix.buffer())).containsExactly(sums);
    }
  }
}
