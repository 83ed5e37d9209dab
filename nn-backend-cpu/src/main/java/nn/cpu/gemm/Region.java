package nn.cpu.gemm;

import nn.cpu.Scratch;
import nn.cpu.gemm.MicroKernelShape.Ending;

/**
 * One part's share of C, computed block by block: the loops of BLIS (Van Zee, van de Geijn, "BLIS:
 * a framework for rapidly instantiating BLAS functionality", ACM TOMS 2015), with the loop over
 * terms inside those over C's blocks.
 */
final class Region {
  private final Blocking blocking;
  private final MicroKernels kernels;
  private final Extent extent;
  private final Panels panelsOfA;
  private final Panels panelsOfB;
  private final Destination destination;
  private final Scratch sums;
  private final Tile tile = new Tile();
  private final int goes;
  private final int termsPerGo;
  private final int blockRows;
  private final boolean atOnce;

  /**
   * Whether all of B's panels meet one of A's before the next: columns of A that are read in place
   * lie far apart, and what was fetched for one tile is to serve all in its row.
   */
  private final boolean rowsOutside;

  /** Whether the block's tiles store to where its sums belong: its rows fill a vector. */
  private boolean direct;

  Region(
      GemmEngine engine,
      Extent extent,
      Factor a,
      Factor b,
      Destination destination,
      Workspace work) {
    this.blocking = engine.blocking();
    this.extent = extent;
    this.destination = destination;
    this.sums = work.sums;
    goes = blocking.goes(extent.terms());
    termsPerGo = Math.ceilDiv(extent.terms(), goes);
    blockRows = blocking.rowsOfBlock(extent.rows(), termsPerGo);
    int rows = Math.min(blockRows, extent.rows());
    int columns = Math.min(blocking.nc(), extent.columns());
    Cuts cuts = Cuts.of(blocking, a, b, extent.rows(), columns, goes == 1);
    kernels = engine.kernels(cuts.addressing());
    panelsOfA = new Panels(a, cuts.ofA(), cuts.packsA(), rows, termsPerGo, work.panelsOfA);
    panelsOfB = new Panels(b, cuts.ofB(), cuts.packsB(), columns, termsPerGo, work.panelsOfB);
    boolean wholePanels = goes == 1 && columns >= blocking.lanes();
    rowsOutside = !cuts.packsA() && a.isSideBySide() && !cuts.packsB() && wholePanels;
    atOnce = goes == 1 && destination.isDirect();
    sums.reserve(rows * (atOnce ? blocking.lanes() : blocking.wholeVectors(columns)));
  }

  void compute() {
    destination.start();
    panelsOfA.start();
    panelsOfB.start();
    for (int j = 0; j < extent.columns(); j += blocking.nc()) {
      int columns = Math.min(blocking.nc(), extent.columns() - j);
      for (int i = 0; i < extent.rows(); i += blockRows) {
        int rows = Math.min(blockRows, extent.rows() - i);
        block(extent.firstRow() + i, rows, extent.firstColumn() + j, columns);
      }
    }
  }

  private void block(int row, int rows, int column, int columns) {
    direct = atOnce && columns >= blocking.lanes();
    tile.sums = sums.array();
    tile.sumsStep = blocking.wholeVectors(columns);
    for (int go = 0; go < goes; go++) {
      int term = go * termsPerGo;
      tile.k = Math.min(termsPerGo, extent.terms() - term);
      panelsOfA.turnTo(row, rows, term, tile.k);
      panelsOfB.turnTo(column, columns, term, tile.k);
      if (rowsOutside) {
        for (int i = 0; i < panelsOfA.panels(); i++) {
          tiles(row, column, i, i + 1, 0, panelsOfB.panels(), go > 0);
        }
      } else {
        for (int j = 0; j < panelsOfB.panels(); j++) {
          tiles(row, column, 0, panelsOfA.panels(), j, j + 1, go > 0);
        }
      }
    }
    if (!direct) {
      destination.finish(sums.array(), Scratch.FIRST, tile.sumsStep, row, rows, column, columns);
    }
  }

  /** The tiles where some panels of A and of B meet. */
  private void tiles(int row, int column, int fromA, int toA, int fromB, int toB, boolean adds) {
    for (int panelOfB = fromB; panelOfB < toB; panelOfB++) {
      panelsOfB.aimB(tile, panelOfB);
      int j = panelsOfB.first(panelOfB);
      int width = panelsOfB.count(panelOfB);
      int vectors = Math.ceilDiv(width, blocking.lanes());
      tile.lanes = width - (vectors - 1) * blocking.lanes();
      Ending ending = adds ? Ending.ADD : Ending.STORE;
      if (direct && tile.lanes < blocking.lanes()) {
        ending = Ending.STORE_OVERLAPPING;
      }
      for (int panelOfA = fromA; panelOfA < toA; panelOfA++) {
        int i = panelsOfA.first(panelOfA);
        panelsOfA.aimA(tile, panelOfA);
        aimC(row, column, i, j);
        kernels.get(panelsOfA.count(panelOfA), vectors, ending).run(tile);
      }
    }
  }

  private void aimC(int row, int column, int i, int j) {
    tile.sumsAt = Scratch.FIRST + i * tile.sumsStep + j;
    if (direct) {
      destination.aim(tile, row + i, column + j);
    } else {
      tile.c = tile.sums;
      tile.cAt = tile.sumsAt;
      tile.cStep = tile.sumsStep;
    }
  }
}
