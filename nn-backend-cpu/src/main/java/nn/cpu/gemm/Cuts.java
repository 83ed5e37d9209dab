package nn.cpu.gemm;

import java.util.HashSet;
import java.util.Set;
import nn.cpu.gemm.MicroKernelShape.Addressing;
import nn.cpu.gemm.MicroKernelShape.Ending;
import nn.cpu.gemm.Panels.Cut;

/**
 * How a part of a product is cut into tiles, and which factors are packed for it.
 *
 * @param packsA whether A's panels are copies
 * @param packsB whether B's are
 * @param addressing how micro-kernels find elements
 * @param ofA the rows of tiles
 * @param ofB their columns
 */
record Cuts(boolean packsA, boolean packsB, Addressing addressing, Cut ofA, Cut ofB) {

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
    Addressing addressing = sideBySide ? Addressing.COLUMNS : Addressing.ROWS;
    return new Cuts(packsA, packsB, addressing, ofA, ofColumns(size, tiles.lanes(), atOnce));
  }

  /** The cut of columns into tiles of a size. */
  static Cut ofColumns(Tiles.Size size, int lanes, boolean atOnce) {
    return new Cut(size.vectors() * lanes, lanes, lanes, atOnce);
  }

  /**
   * The micro-kernels for some tiles.
   *
   * @param rows the tiles' rows
   * @param ofB how the columns are cut
   * @param columns of C
   * @param direct whether sums are stored where they belong
   * @param adds whether sums are made in several goes
   */
  static Set<MicroKernelShape> microKernels(
      Set<Integer> rows,
      Cut ofB,
      int columns,
      int lanes,
      Addressing addressing,
      boolean direct,
      boolean adds) {
    Set<MicroKernelShape> shapes = new HashSet<>();
    for (int panel = 0; panel < ofB.panels(columns); panel++) {
      int width = ofB.count(panel, columns);
      boolean ragged = direct && width % lanes != 0;
      Ending ending = ragged ? Ending.STORE_OVERLAPPING : Ending.STORE;
      for (int count : rows) {
        shapes.add(new MicroKernelShape(count, Math.ceilDiv(width, lanes), addressing, ending));
        if (adds) {
          shapes.add(
              new MicroKernelShape(count, Math.ceilDiv(width, lanes), addressing, Ending.ADD));
        }
      }
    }
    return shapes;
  }
}
