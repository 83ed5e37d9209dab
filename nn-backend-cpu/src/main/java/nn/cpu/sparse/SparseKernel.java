package nn.cpu.sparse;

/**
 * The inner loop of a sparse product: over the windows of an image, for one channel and some
 * vectors of terms. Safe for use by several threads.
 */
@FunctionalInterface
interface SparseKernel {

  /**
   * For each window w and vector v, where the pixel is {@code origin + windows[w] + taps[choice]}
   * and value and choice are those of the window: {@code columns[v] += value * images[pixel +
   * distance[v]]}, or the other way round, {@code images[pixel + distance[v]] += value *
   * columns[v]}.
   *
   * @param values of the first window at {@code valuesAt}, and likewise its choice
   * @param step from a window's value or choice to the next one's
   * @param columns of the first vector at {@code columnsAt}, the others behind
   */
  void run(
      float[] images,
      int origin,
      int[] windows,
      int[] taps,
      float[] values,
      int valuesAt,
      byte[] choices,
      int choicesAt,
      int step,
      float[] columns,
      int columnsAt);
}
