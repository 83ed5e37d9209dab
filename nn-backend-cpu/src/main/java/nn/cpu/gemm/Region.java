package nn.cpu.gemm;

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
  private final Workspace.Scratch sums;
  private final Tile tile = new Tile();
  private final int goes;
  private final int termsPerGo;
  private final int blockRows;
  private final boolean direct;

  Region(
      Blocking blocking,
      MicroKernels kernels,
      Extent extent,
      Factor a,
      Factor b,
      Destination destination,
      Workspace work) {
    this.blocking = blocking;
    this.kernels = kernels;
    this.extent = extent;
    this.destination = destination;
    this.sums = work.sums;
    goes = blocking.goes(extent.terms());
    termsPerGo = Math.ceilDiv(extent.terms(), goes);
    blockRows = blocking.rowsOfBlock(termsPerGo);
    int rows = Math.min(blockRows, extent.rows());
    int columns = Math.min(blocking.nc(), extent.columns());
    panelsOfA =
        new Panels(
            a,
            blocking.tileRows(),
            blocking.rowUnit(),
            blocking.packsA(a, extent.columns()),
            rows,
            termsPerGo,
            work.panelsOfA);
    panelsOfB =
        new Panels(
            b,
            blocking.tileColumns(),
            blocking.lanes(),
            blocking.packsB(b, extent.rows()),
            columns,
            termsPerGo,
            work.panelsOfB);
    direct = goes == 1 && destination.isDirect();
    if (!direct) {
      sums.reserve(rows * blocking.wholeVectors(columns));
    }
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
    tile.sums = sums.array();
    tile.sumsStep = blocking.wholeVectors(columns);
    for (int go = 0; go < goes; go++) {
      int term = go * termsPerGo;
      tile.k = Math.min(termsPerGo, extent.terms() - term);
      panelsOfA.turnTo(row, rows, term, tile.k);
      panelsOfB.turnTo(column, columns, term, tile.k);
      for (int j = 0; j < columns; j += blocking.tileColumns()) {
        panelsOfB.aimB(tile, j);
        strip(row, rows, column, j, columns, go > 0);
      }
    }
    if (!direct) {
      destination.finish(sums.array(), tile.sumsStep, row, rows, column, columns);
    }
  }

  /** The tiles of one panel of B, from top to bottom. */
  private void strip(int row, int rows, int column, int j, int columns, boolean adds) {
    int width = Math.min(blocking.tileColumns(), columns - j);
    int vectors = Math.ceilDiv(width, blocking.lanes());
    for (int i = 0; i < rows; i += blocking.tileRows()) {
      panelsOfA.aimA(tile, i);
      tile.sumsAt = i * tile.sumsStep + j;
      if (direct) {
        tile.lanes = width - (vectors - 1) * blocking.lanes();
        destination.aim(tile, row + i, column + j);
      } else {
        tile.lanes = blocking.lanes();
        tile.c = tile.sums;
        tile.cAt = tile.sumsAt;
        tile.cStep = tile.sumsStep;
      }
      kernels.get(Math.min(blocking.tileRows(), rows - i), vectors, adds).run(tile);
    }
  }
}
