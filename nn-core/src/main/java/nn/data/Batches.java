package nn.data;

/**
 * Which examples each step of an epoch sees. The order of an epoch is one list of indices; step
 * {@code i} takes the {@code size} of them from {@code i * size} on. Orders depend on seed and
 * epoch alone: the same on every machine and JDK.
 *
 * @param examples in the data set, at least 1
 * @param size of a batch, at least 1; where it exceeds {@code examples} the only batch is short
 */
public record Batches(int examples, int size) {

  /** Keeps draws with replacement apart from the shuffles of the same seed and epoch. */
  private static final long DRAWS = 1L << 32;

  /** Checks that both are at least 1. */
  public Batches {
    if (examples < 1) {
      throw new IllegalArgumentException("there must be an example, but examples = " + examples);
    }
    if (size < 1) {
      throw new IllegalArgumentException("a batch holds at least 1 example, not " + size);
    }
  }

  /** Batches of exactly {@code size} in an epoch. */
  public int full() {
    return examples / size;
  }

  /** Examples in the short batch that ends an epoch; 0 where there is none. */
  public int remainder() {
    return examples % size;
  }

  /** Batches in an epoch, the short one included. */
  public int count() {
    return full() + (remainder() > 0 ? 1 : 0);
  }

  /**
   * Every example once, shuffled.
   *
   * @param epoch from 0
   * @return {@code examples} indices, the last {@code remainder()} of them the short batch
   */
  public int[] epochOrder(long seed, int epoch) {
    checkEpoch(epoch);
    return new SplitMix64(seed, epoch).permutation(examples);
  }

  /**
   * Full batches drawn with replacement: each index uniform, independent of the others.
   *
   * @param epoch from 0
   * @param batches to draw
   * @return {@code batches * size} indices
   */
  public int[] epochDraws(long seed, int epoch, int batches) {
    checkEpoch(epoch);
    SplitMix64 random = new SplitMix64(seed, DRAWS + epoch);
    int[] order = new int[Math.multiplyExact(batches, size)];
    for (int i = 0; i < order.length; i++) {
      order[i] = random.next(examples);
    }
    return order;
  }

  private static void checkEpoch(int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("epochs count from 0, not " + epoch);
    }
  }
}
