package nn.cpu;

/**
 * How sums of many terms are cut into partial sums, so that there is work for many threads where
 * there are few sums. The cut does not follow from the number of threads, and partial sums are
 * added up in their order: so neither do the bits.
 */
public final class Chunks {
  private static final int MOST = 16;

  /** Partial sums of all chunks: what stays in a cache of the second or third level. */
  private static final int MOST_PARTIAL_SUMS = 1 << 20;

  private Chunks() {}

  /**
   * The number of chunks, at least 1.
   *
   * @param sums how many there are
   * @param steps in which they are made, and between which can be cut
   */
  public static int count(long sums, int steps) {
    int affordable = Math.clamp(MOST_PARTIAL_SUMS / Math.max(1, sums), 1, MOST);
    return Math.clamp(steps, 1, affordable);
  }

  /** The first unit of an even share; of the share after the last the number of units. */
  public static int first(int units, int share, int shares) {
    return (int) ((long) units * share / shares);
  }
}
