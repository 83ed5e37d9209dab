package nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Slices;
import nn.backend.SparseGemm;
import nn.backend.reference.ReferenceBackend;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What the rewrites make of a whole training step. */
class MlpPlanTest {
  private static final int STEPS = 3;

  @Test
  void shrinksToOneCommandForEachProduct() {
    try (Backend backend = new ReferenceBackend()) {
      MlpStep step = new MlpStep(backend, DType.F32, 128, 256, STEPS, 784, 100, 100, 10);
      try (Plan recorded = Plan.record(backend, step, Plan.Option.AS_RECORDED);
          Plan plan = Plan.record(backend, step)) {
        assertThat(recorded.commands().size()).isEqualTo(40);
        assertThat(plan.commands().stream().map(MlpPlanTest::kind))
            .as(plan.describe())
            .containsExactlyInAnyOrder(
                "pass 1", // the batch, scaled as it is gathered
                "gemm 1", // forward, with bias and activation
                "gemm 1",
                "gemm 1",
                "rows 5", // the loss and its gradient
                "reduce 1", // the mean of the loss, straight into the log
                "gemm 1", // of the weights, straight into flat storage
                "gemm 1",
                "gemm 1",
                "reduce 1", // of the last layer's biases
                "reduce 2", // of the other layers' biases
                "gemm 1", // of the inputs, masked
                "gemm 1",
                "pass 3", // Adam
                "pass 1"); // the counter
        assertThat(plan.arenaBytes()).isLessThan(recorded.arenaBytes());
      }
    }
  }

  private static String kind(Command command) {
    return switch (command) {
      case Elementwise e -> "pass " + e.outputs().size();
      case Gemm g -> "gemm " + g.outputs().size();
      case Reduce r -> "reduce " + r.outputs().size();
      case Rows r -> "rows " + r.stages().size();
      case SparseGemm s -> "sparse gemm";
      case Slices s -> "slices";
    };
  }

  @Test
  void learnsAsTheStepDoes() {
    try (Backend backend = new PiecewiseBackend(new ReferenceBackend())) {
      MlpStep step = new MlpStep(backend, DType.F64, 9, 20, STEPS, 12, 7, 6, 5);
      step.randomize(backend, 5);
      List<Buffer> memory = step.memory();
      List<MemorySegment> initial = Values.save(backend, memory);
      for (int i = 0; i < STEPS; i++) {
        step.accept(backend);
      }
      List<MemorySegment> expected = Values.save(backend, memory);
      Values.restore(backend, memory, initial);
      try (Plan plan = Plan.record(backend, step, Plan.Option.CHECKED)) {
        plan.run(STEPS);
      }
      List<MemorySegment> actual = Values.save(backend, memory);
      for (int i = 0; i < memory.size(); i++) {
        assertThat(Values.of(memory.get(i), actual.get(i)))
            .containsExactly(Values.of(memory.get(i), expected.get(i)), Offset.offset(1e-13));
      }
      double[] losses = Values.of(step.losses(), actual.get(memory.indexOf(step.losses())));
      assertThat(losses[STEPS - 1]).isPositive().isLessThan(losses[0]);
    }
  }
}
