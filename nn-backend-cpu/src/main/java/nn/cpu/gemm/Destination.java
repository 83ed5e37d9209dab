package nn.cpu.gemm;

/** What becomes of one part's sums. Not shared between threads. */
interface Destination {

  /** Called before the part's first block. */
  void start();

  /**
   * Whether sums that are made in one go can be stored straight to where they belong, after {@link
   * #aim}. Others are handed to {@link #finish}.
   */
  boolean isDirect();

  /** Makes a tile store to where the element of C at this row and column lies. */
  void aim(Tile tile, int row, int column);

  /**
   * Takes over the finished sums of a block of C.
   *
   * @param sums element (i, j) of the block at {@code at + i * step + j}
   */
  void finish(float[] sums, int at, int step, int row, int rows, int column, int columns);
}
