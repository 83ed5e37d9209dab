package nn.cpu.sparse;

/**
 * The inner loop of a gather: over the windows of an image, for some channels and vectors of terms.
 * Safe for use by several threads.
 */
@FunctionalInterface
interface GatherKernel {

  /**
   * For each window w, channel c and vector v: {@code columns[c, v] += values[w, c] *
   * stage[windows[w] + candidates[choice] + distance[v]]}.
   *
   * @param values of the first window and channel at {@code valuesAt}, and likewise its choice
   * @param columns of the first channel and vector at {@code columnsAt}
   */
  void run(
      float[] stage,
      int[] windows,
      int[] candidates,
      float[] values,
      int valuesAt,
      byte[] choices,
      int choicesAt,
      float[] columns,
      int columnsAt);
}
