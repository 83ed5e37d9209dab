package nn.plan;

import static nn.plan.Memory.X;
import static nn.plan.Memory.Y;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlanTest {
  private final Backend backend = new ReferenceBackend();
  private final Operand x = Operand.of(backend.allocate(DType.F32, 4), Shape.of(4));
  private final Operand result = Operand.of(backend.allocate(DType.F32, 4), Shape.of(4));

  @AfterEach
  void close() {
    backend.close();
  }

  private static Operand temporary(Backend recorder, int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(recorder.allocate(DType.F32, shape.size()), shape);
  }

  private float[] values(Operand operand) {
    float[] values = new float[operand.buffer().length()];
    backend.read(operand.buffer(), 0, MemorySegment.ofArray(values));
    return values;
  }

  @Test
  void recordingComputesNothing() {
    try (Plan plan = Plan.record(backend, b -> b.run(Elementwise.of(X.add(1), result, x)))) {
      assertThat(values(result)).containsExactly(0, 0, 0, 0);
      plan.run(1);
      assertThat(values(result)).containsExactly(1, 1, 1, 1);
    }
  }

  @Test
  void runsAsOftenAsAsked() {
    try (Plan plan = Plan.record(backend, b -> b.run(Elementwise.of(X.add(1), x, x)))) {
      plan.run(0);
      assertThat(values(x)).containsExactly(0, 0, 0, 0);
      plan.run(5);
      plan.run(2);
      assertThat(values(x)).containsExactly(7, 7, 7, 7);
    }
  }

  @Test
  void newMemoryIsZeroInEachRun() {
    try (Plan plan =
        Plan.record(
            backend,
            b -> {
              Operand sum = temporary(b, 2, 4);
              Operand row = sum.with(sum.layout().slice(0, 1, 2));
              Operand addend = x.broadcastTo(Shape.of(1, 4));
              b.run(Elementwise.of(X.add(Y).add(1), row, row, addend));
              Operand target = result.broadcastTo(Shape.of(1, 4));
              b.run(Elementwise.of(X.add(Y), target, target, row));
              Operand other = sum.with(sum.layout().slice(0, 0, 1));
              b.run(Elementwise.of(X.add(Y), target, target, other));
              b.run(Elementwise.of(X.add(7), sum, sum));
            })) {
      plan.run(3);
      assertThat(values(result)).containsExactly(3, 3, 3, 3);
    }
  }

  @Test
  void cursorsMoveFromRunToRun() {
    Operand counter = Operand.of(backend.allocate(DType.I32, 1), Shape.of(1));
    Operand log = Operand.of(result.buffer(), Shape.of(1)).movedBy(new Cursor(counter.buffer(), 1));
    try (Plan plan =
        Plan.record(
            backend,
            b -> {
              Operand square = temporary(b, 1);
              b.run(Elementwise.of(X.mul(X), square, counter));
              b.run(Elementwise.of(X.add(1), log, square));
              Expr next = Expr.intInput(0).add(Expr.integer(1));
              b.run(Elementwise.of(next, counter, counter));
            })) {
      plan.run(4);
      assertThat(values(result)).containsExactly(1, 2, 5, 10);
    }
  }

  /** Ten passes over temporaries of 1600 bytes, each reading the one before. */
  private Plan chain(UnaryOperator<Operand> reading) {
    return Plan.record(
        backend,
        b -> {
          Operand last = temporary(b, 20, 20);
          b.run(Elementwise.of(Expr.index(1).toFloat(), last));
          for (int i = 0; i < 10; i++) {
            Operand next = temporary(b, 20, 20);
            b.run(Elementwise.of(X.add(1), next, reading.apply(last)));
            last = next;
          }
          Operand start = last.with(Layout.contiguous(Shape.of(4), 0));
          b.run(Elementwise.of(X, result, start));
        },
        Plan.Option.AS_RECORDED);
  }

  @Test
  void temporariesThatDoNotLiveTogetherShareMemory() {
    try (Plan plan = chain(Memory::transposed)) {
      assertThat(plan.arenaBytes()).isEqualTo(2 * 1600);
      plan.run(1);
      assertThat(values(result)).containsExactly(10, 11, 12, 13);
    }
  }

  @Test
  void aResultTakesOverTheMemoryOfADyingInput() {
    try (Plan plan = chain(last -> last)) {
      assertThat(plan.arenaBytes()).isEqualTo(1600);
      plan.run(1);
      assertThat(values(result)).containsExactly(10, 11, 12, 13);
    }
  }

  @Test
  void closingFreesTheTemporaries() {
    List<Buffer> allocated = new ArrayList<>();
    Plan plan =
        Plan.record(
            backend,
            b -> {
              Operand turned = temporary(b, 2, 2);
              Operand square = x.with(Memory.view(x, 2, 2).layout());
              b.run(Elementwise.of(X, turned, square));
              b.run(Elementwise.of(X, square, Memory.transposed(turned)));
            });
    plan.commands().forEach(c -> c.outputs().forEach(o -> allocated.add(o.buffer())));
    plan.close();
    plan.close();
    assertThatIllegalStateException().isThrownBy(() -> plan.run(1)).withMessageContaining("closed");
    assertThat(allocated).hasSize(2).contains(x.buffer());
    Operand freed = Operand.of(allocated.getFirst(), Shape.of(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.run(Elementwise.of(X, freed, freed)))
        .withMessageContaining("freed");
  }

  @Test
  void describesItself() {
    try (Plan plan = Plan.record(backend, b -> b.run(Elementwise.of(X.exp(), result, x)))) {
      assertThat(plan.describe().lines())
          .containsExactly(
              "1 commands, 0 bytes of temporaries", "  0  elementwise [4]  b1 = exp(b0)");
    }
  }

  @Test
  void namesLongPartsThatItUsesTwice() {
    Expr once = X.exp().add(X.tanh()).mul(X.sigmoid()).max(X.sqrt());
    try (Plan plan = Plan.record(backend, b -> b.run(Elementwise.of(once.mul(once), result, x)))) {
      assertThat(plan.describe())
          .endsWith(
              "b1 = (v0 * v0) where v0 = max(((exp(b0) + tanh(b0)) * sigmoid(b0)), sqrt(b0))\n");
    }
  }

  @Test
  void refusesHostMemoryInARecording() {
    MemorySegment host = MemorySegment.ofArray(new float[4]);
    assertThatIllegalStateException()
        .isThrownBy(() -> Plan.record(backend, b -> b.read(x.buffer(), 0, host)))
        .withMessageContaining("after the plan ran");
    assertThatIllegalStateException()
        .isThrownBy(() -> Plan.record(backend, b -> b.write(x.buffer(), 0, host)))
        .withMessageContaining("before recording");
    assertThatIllegalStateException()
        .isThrownBy(() -> Plan.record(backend, b -> b.compile(List.of())))
        .withMessageContaining("cannot compile");
    assertThatIllegalStateException()
        .isThrownBy(() -> Plan.record(backend, b -> b.time(() -> {})))
        .withMessageContaining("time the plan's runs");
  }

  @Test
  void refusesMemoryAfterItsLife() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Plan.record(backend, b -> b.free(x.buffer())))
        .withMessageContaining("after the plan is closed");
    assertThatIllegalStateException()
        .isThrownBy(() ->
            Plan.record(
                backend,
                b -> {
                  Operand t = temporary(b, 4);
                  b.free(t.buffer());
                  b.run(Elementwise.of(X, result, t));
                }))
        .withMessageContaining("after it was freed");
    List<Backend> recorders = new ArrayList<>();
    Plan.record(backend, recorders::add).close();
    assertThatIllegalStateException()
        .isThrownBy(() -> recorders.getFirst().allocate(DType.F32, 4))
        .withMessageContaining("has ended");
  }

  @Test
  void refusesACounterThatTheRecordingMade() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            Plan.record(
                backend,
                b -> {
                  Buffer counter = b.allocate(DType.I32, 1);
                  b.run(Elementwise.of(X, result, x.movedBy(new Cursor(counter, 1))));
                }))
        .withMessageContaining("outlive the recording");
  }

  @Test
  void checkingFindsStepsThatDependOnMoreThanShapes() {
    AtomicInteger calls = new AtomicInteger();
    assertThatIllegalStateException()
        .isThrownBy(() ->
            Plan.record(
                backend,
                b -> {
                  Operand t = temporary(b, 4);
                  b.run(Elementwise.of(X.mul(calls.incrementAndGet()), t, x));
                  b.run(Elementwise.of(X, result, t));
                },
                Plan.Option.CHECKED))
        .withMessageContaining("differs between two recordings")
        .withMessageContaining("(b0 * 2)");
    assertThatIllegalStateException()
        .isThrownBy(() ->
            Plan.record(
                backend,
                b -> {
                  for (int i = 0; i < calls.get(); i++) {
                    b.run(Elementwise.of(X, result, x));
                  }
                  calls.incrementAndGet();
                },
                Plan.Option.CHECKED))
        .withMessageContaining("2 commands at first, 3 at second");
  }
}
