package nn.cpu.gemm;

/**
 * How C is shared out: into so many parts downwards and so many across. Sums are never split, so
 * the result is the same for every grid.
 */
record Grid(int down, int across) {
  /** Work, in multiplications, that is worth a thread. */
  private static final long WORTH_A_THREAD = 40_000;

  private static final int ROW_UNIT = 4;

  /** What packing a row of A and a vector's columns of B takes, in products of such. */
  private static final int PACKING_A = 2;

  private static final int PACKING_B = 32;

  /** The grid that ends first on at most so many threads. */
  static Grid of(int m, int n, int k, int threads, Blocking blocking) {
    long work = (long) m * n * Math.max(1, k);
    int parts = (int) Math.max(1, Math.min(threads, work / WORTH_A_THREAD));
    Grid best = new Grid(1, 1);
    for (int down = 1; down <= parts; down++) {
      Grid grid = new Grid(down, parts / down);
      if (grid.cost(m, n, blocking) < best.cost(m, n, blocking)) {
        best = grid;
      }
    }
    return best;
  }

  int parts() {
    return down * across;
  }

  /**
   * The longest part's work, its packing of A and B included, in products of a row and a vector's
   * columns.
   */
  private double cost(int m, int n, Blocking blocking) {
    int rows = share(m, ROW_UNIT, down);
    int vectors = share(n, blocking.lanes(), across) / blocking.lanes();
    return (double) rows * vectors + PACKING_A * rows + PACKING_B * vectors;
  }

  private static int share(int extent, int unit, int parts) {
    return Math.ceilDiv(Math.ceilDiv(extent, unit), parts) * unit;
  }

  /** What a part computes. */
  Extent extent(int part, int m, int n, int k, Blocking blocking) {
    int lanes = blocking.lanes();
    int row = first(part / across, down, m, ROW_UNIT);
    int endRow = first(part / across + 1, down, m, ROW_UNIT);
    int column = first(part % across, across, n, lanes);
    int endColumn = first(part % across + 1, across, n, lanes);
    return new Extent(row, endRow - row, column, endColumn - column, k);
  }

  /** Whole units, the last perhaps short, shared out evenly. */
  private static int first(int part, int parts, int extent, int unit) {
    long units = Math.ceilDiv(extent, unit);
    return (int) Math.min(extent, units * part / parts * unit);
  }
}
