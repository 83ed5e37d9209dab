package nn.cpu.gemm;

import nn.cpu.gemm.Panels.Cut;

/**
 * How a part of a product is cut into tiles, and which factors are packed for it.
 *
 * @param packsA whether A's panels are copies
 * @param packsB whether B's are
 * @param ofA the rows of tiles
 * @param ofB their columns
 */
record Cuts(boolean packsA, boolean packsB, Cut ofA, Cut ofB) {

  /**
   * The cuts of a part.
   *
   * @param rows of the part
   * @param columns of one of its blocks
   * @param atOnce whether sums are made in one go: else an element in two tiles would be added to
   *     twice
   */
  static Cuts of(Blocking blocking, Factor a, Factor b, int rows, int columns, boolean atOnce) {
    boolean packsA = blocking.packsA(a, columns);
    boolean packsB = blocking.packsB(b, rows);
    Tiles tiles = blocking.tiles();
    boolean sideBySide = packsA || a.isSideBySide();
    Tiles.Size size = sideBySide ? tiles.fromPanels(columns) : tiles.inPlace(columns);
    Cut ofA = new Cut(size.rows(), size.rows(), blocking.rowUnit(), atOnce);
    return new Cuts(packsA, packsB, ofA, ofColumns(size, tiles.lanes(), atOnce));
  }

  /** The cut of columns into tiles of a size. */
  static Cut ofColumns(Tiles.Size size, int lanes, boolean atOnce) {
    return new Cut(size.vectors() * lanes, lanes, lanes, atOnce);
  }
}
