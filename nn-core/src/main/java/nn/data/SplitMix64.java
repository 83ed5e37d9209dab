package nn.data;

/**
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014),
 * written out so that an order drawn from a seed is the same on every JDK, today and later.
 */
final class SplitMix64 {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  /** A stream for a pair: the seed of a run and the number of a stream in it. */
  SplitMix64(long seed, long stream) {
    this.state = mix(seed + GOLDEN_GAMMA) ^ mix(mix(stream) + GOLDEN_GAMMA);
  }

  long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, bound); off by less than bound / 2^64. */
  int next(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  /** A uniform permutation of 0 to n-1 (Fisher and Yates; Durstenfeld, 1964). */
  int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = next(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
