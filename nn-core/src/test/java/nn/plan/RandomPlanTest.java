package nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.DType;
import nn.backend.Rows;
import nn.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

/** A plan has the effects of its step, bit for bit in double precision, whatever was rewritten. */
class RandomPlanTest {
  private static final int SEEDS = 2000;
  private static final int RUNS = 3;

  @Test
  void planHasTheEffectsOfTheStep() {
    int recorded = 0;
    int optimized = 0;
    int chains = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Backend backend = new PiecewiseBackend(new ReferenceBackend())) {
        RandomStep step = new RandomStep(backend, seed);
        randomize(backend, step, seed);
        List<MemorySegment> initial = Values.save(backend, step.state());
        for (int i = 0; i < RUNS; i++) {
          step.accept(backend);
        }
        List<MemorySegment> expected = Values.save(backend, step.state());
        for (Plan.Option[] options : new Plan.Option[][] {{}, {Plan.Option.AS_RECORDED}}) {
          Values.restore(backend, step.state(), initial);
          try (Plan plan = Plan.record(backend, step, options)) {
            plan.run(RUNS);
            requireSame(seed, step, plan, expected, Values.save(backend, step.state()));
            recorded += options.length * plan.commands().size();
            optimized += (1 - options.length) * plan.commands().size();
            chains += (int) plan.commands().stream().filter(Rows.class::isInstance).count();
          }
        }
      }
    }
    assertThat(optimized).isLessThan(recorded * 2 / 3);
    assertThat(chains).isGreaterThan(SEEDS / 10);
  }

  private static void randomize(Backend backend, RandomStep step, long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    for (Buffer buffer : step.state()) {
      if (buffer.type() == DType.F64) {
        double[] values = random.doubles(buffer.length(), -1, 1).toArray();
        backend.write(buffer, 0, MemorySegment.ofArray(values));
      } else if (buffer.length() > 1) {
        int[] rows = random.ints(buffer.length(), 0, 4).toArray();
        backend.write(buffer, 0, MemorySegment.ofArray(rows));
      }
    }
  }

  private static void requireSame(
      long seed,
      RandomStep step,
      Plan plan,
      List<MemorySegment> expected,
      List<MemorySegment> actual) {
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i).mismatch(actual.get(i)) >= 0) {
        Buffer buffer = step.state().get(i);
        assertThat(Values.of(buffer, actual.get(i)))
            .as("buffer %s, seed %s\n%s", i, seed, plan.describe())
            .containsExactly(Values.of(buffer, expected.get(i)));
      }
    }
  }
}
