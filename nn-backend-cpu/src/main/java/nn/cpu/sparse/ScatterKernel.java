package nn.cpu.sparse;

/**
 * The inner loop of a scatter: over the patches of an image, for some vectors of terms. Safe for
 * use by several threads.
 */
@FunctionalInterface
interface ScatterKernel {

  /**
   * For each patch p and vector v: {@code stage[places[p] + distance[v]] += sum of values[w, c] *
   * columns[c, v]} over those channels c that chose the patch in its window w.
   *
   * @param channels that chose a patch, in a row for each patch as long as there are channels
   * @param ends of what is in use of these rows
   * @param values of the first window and channel at {@code valuesAt}
   * @param columns of the first channel and vector at {@code columnsAt}
   */
  void run(
      float[] stage,
      int[] places,
      int[] channels,
      int[] ends,
      float[] values,
      int valuesAt,
      float[] columns,
      int columnsAt);
}
