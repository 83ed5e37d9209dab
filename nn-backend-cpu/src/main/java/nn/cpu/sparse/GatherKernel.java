package nn.cpu.sparse;

/**
 * The inner loops of a gather: over some channels and some windows of an image, for some vectors of
 * terms. Safe for use by several threads.
 */
@FunctionalInterface
interface GatherKernel {

  /**
   * For each window w, channel c and vector v: {@code columns[c, v] += values[w, c] *
   * stage[places[w, c] + distance[v]]}.
   *
   * @param places of the patches; that of the first window and channel 0 at {@code placesAt}
   * @param windows how many there are
   * @param values of the first window and channel 0 at {@code valuesAt}
   * @param nonZeros for each channel the windows that have another value than 0: see {@link
   *     NonZeros}; of use where the shape says so
   * @param channel the first one
   * @param endChannel behind the last one; whole blocks of channels lie between
   * @param columns of the first one's first vector at {@code columnsAt}
   */
  void run(
      float[] stage,
      int[] places,
      int placesAt,
      int windows,
      float[] values,
      int valuesAt,
      int[] nonZeros,
      int channel,
      int endChannel,
      float[] columns,
      int columnsAt);
}
