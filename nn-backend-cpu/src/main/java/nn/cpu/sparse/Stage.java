package nn.cpu.sparse;

/**
 * How an image lies in a thread's own memory, where its patches can be read as vectors. Safe for
 * use by several threads.
 */
sealed interface Stage permits Copy, StackedRows {

  /** From an element of the image to the next one, as far as patches are concerned. */
  int step();

  /** The vectors of a patch. */
  Vectors vectors();

  /** Elements that it takes. */
  int size();

  /** Puts the image that begins at {@code at} into the memory. */
  void fill(float[] images, int at, float[] memory);
}
