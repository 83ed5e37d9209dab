package nn.expr;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CounterRandomTest {
  private static final Program UNIFORM =
      Program.of(CounterRandom.uniform(Expr.intInput(0), Expr.intInput(1)));

  private static double uniform(int seed, int counter) {
    return Evaluate.values(UNIFORM, seed, counter)[UNIFORM.outputs().getFirst()];
  }

  /** lowbias32 as its author published it. */
  private static int lowbias32(int x) {
    x ^= x >>> 16;
    x *= 0x7feb352d;
    x ^= x >>> 15;
    x *= 0x846ca68b;
    x ^= x >>> 16;
    return x;
  }

  @Test
  void isTheHashItSaysItIs() {
    for (int seed : new int[] {0, 1, -1, 42, Integer.MIN_VALUE}) {
      for (int counter : new int[] {0, 1, 2, 1 << 24, (1 << 24) + 1, -5}) {
        int hash = lowbias32(counter ^ lowbias32(seed));
        assertThat(uniform(seed, counter)).isEqualTo((hash >>> 8) * 0x1p-24);
      }
    }
  }

  /** Runs of old must come out the same, so these never change. */
  @Test
  void givesTheNumbersItAlwaysGave() {
    assertThat(uniform(0, 0)).isZero();
    assertThat(uniform(0, 1)).isEqualTo(6850960 * 0x1p-24);
    assertThat(uniform(42, 7)).isEqualTo(324700 * 0x1p-24);
  }

  @Test
  void isUniform() {
    int bins = 100;
    int samples = 100_000;
    int[] counts = new int[bins];
    for (int i = 0; i < samples; i++) {
      double u = uniform(2026, i);
      assertThat(u >= 0 && u < 1).isTrue();
      counts[(int) (u * bins)]++;
    }
    assertThat(chiSquare(counts, samples)).isBetween(60.0, 150.0);
  }

  /**
   * Neighbours in a sequence, and sequences of neighbouring seeds, have nothing to do with each
   * other.
   */
  @Test
  void isIndependent() {
    int side = 10;
    int samples = 50_000;
    int[] successive = new int[side * side];
    int[] seeds = new int[side * side];
    for (int i = 0; i < samples; i++) {
      int u = (int) (side * uniform(5, i));
      successive[side * u + (int) (side * uniform(5, i + 1))]++;
      seeds[side * u + (int) (side * uniform(6, i))]++;
    }
    assertThat(chiSquare(successive, samples)).isBetween(60.0, 150.0);
    assertThat(chiSquare(seeds, samples)).isBetween(60.0, 150.0);
  }

  /** Of 99 degrees of freedom: between 60 and 150 with all but a chance of one in a thousand. */
  private static double chiSquare(int[] counts, int samples) {
    double expected = (double) samples / counts.length;
    double sum = 0;
    for (int count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }
}
