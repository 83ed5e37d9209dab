package nn.cpu.sparse;

/** Puts rows of windows side by side into vectors. Safe for use by several threads. */
@FunctionalInterface
interface StackingKernel {

  /**
   * For each of the first pixels of an image a vector of the rows of a window that begins there.
   *
   * @param memory of both the image and the result
   * @param image its first pixel
   * @param to where the first vector goes
   */
  void run(float[] memory, int image, int to, int pixels);
}
