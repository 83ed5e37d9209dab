package nn.cpu.gemm;

import nn.cpu.Scratch;
import nn.cpu.gemm.MicroKernelShape.Addressing;
import nn.cpu.gemm.MicroKernelShape.Ending;
import nn.cpu.gemm.Panels.Cut;

/** One thread's share of a product whose factor A is folded. */
final class FoldedRegion {
  private final Blocking blocking;
  private final MicroKernels kernels;
  private final Folded a;
  private final FoldedGrid grid;
  private final int columns;
  private final Panels panelsOfB;
  private final Destination destination;
  private final Scratch sums;
  private final Scratch partialSums;
  private final Tile tile = new Tile();
  private final int termsOfLoop;
  private int base;

  /**
   * A share.
   *
   * @param partialSums of all threads, one matrix for each chunk
   */
  FoldedRegion(
      GemmEngine engine,
      Folded a,
      FoldedGrid grid,
      Factor b,
      int columns,
      Addressing addressing,
      Destination destination,
      Workspace work,
      Scratch partialSums) {
    this.blocking = engine.blocking();
    this.kernels = engine.kernels(addressing);
    this.termsOfLoop = addressing.byRuns() ? a.termsOfRun() : a.termsOfGo();
    this.a = a;
    this.grid = grid;
    this.columns = columns;
    this.destination = destination;
    this.sums = work.sums;
    this.partialSums = partialSums;
    Cut cut = cutOfB(blocking, grid, columns);
    panelsOfB = new Panels(b, cut, addressing.packedB(), columns, a.termsOfGo(), work.panelsOfB);
    sums.reserve(grid.mostRows() * step());
  }

  /** How B's columns are cut into panels. */
  static Cut cutOfB(Blocking blocking, FoldedGrid grid, int columns) {
    boolean overlaps = grid.goes() == 1; // else an element in both panels would be added to twice
    return Cuts.ofColumns(blocking.tiles().inPlace(columns), blocking.lanes(), overlaps);
  }

  /** Whether tiles store to where sums belong: each sum is made at once, and rows fill a vector. */
  static boolean isDirect(Blocking blocking, FoldedGrid grid, boolean plain, int columns) {
    return grid.isWhole() && plain && columns >= blocking.lanes();
  }

  private int step() {
    return blocking.wholeVectors(columns);
  }

  /** Computes some units. */
  void compute(int from, int to) {
    destination.start();
    panelsOfB.start();
    base = a.place().now();
    for (int unit = from; unit < to; unit++) {
      int chunk = unit / grid.groups();
      int group = unit % grid.groups();
      unit(chunk, grid.firstTile(group), grid.firstTile(group + 1));
    }
  }

  private void unit(int chunk, int fromTile, int toTile) {
    int firstRow = grid.row(fromTile);
    int rows = grid.row(toTile) - firstRow;
    boolean whole = grid.chunks() == 1;
    boolean direct = isDirect(blocking, grid, destination.isDirect(), columns);
    tile.sumsStep = step();
    tile.sums = whole ? sums.array() : partialSums.array();
    int origin = whole ? 0 : (chunk * grid.row(grid.tiles()) + firstRow) * step();
    int first = grid.firstGo(chunk);
    for (int go = first; go < grid.firstGo(chunk + 1); go++) {
      panelsOfB.turnTo(0, columns, go * a.termsOfGo(), a.termsOfGo());
      for (int panel = 0; panel < panelsOfB.panels(); panel++) {
        panelsOfB.aimB(tile, panel);
        for (int i = fromTile; i < toTile; i++) {
          tile.sumsAt = origin + (grid.row(i) - firstRow) * step() + panelsOfB.first(panel);
          multiply(i, go, panel, go > first, direct);
        }
      }
    }
    if (whole && !direct) {
      destination.finish(tile.sums, 0, step(), firstRow, rows, 0, columns);
    }
  }

  private void multiply(int i, int go, int panel, boolean adds, boolean direct) {
    tile.a = a.array();
    tile.terms = a.runs();
    tile.k = termsOfLoop;
    int line = a.lines()[i / grid.tilesOfLine()];
    tile.aAt = base + line + a.goes()[go] + grid.rowInLine(i) * a.rowStep();
    int width = panelsOfB.count(panel);
    int vectors = Math.ceilDiv(width, blocking.lanes());
    tile.lanes = width - (vectors - 1) * blocking.lanes();
    Ending ending = adds ? Ending.ADD : Ending.STORE;
    if (direct) {
      destination.aim(tile, grid.row(i), panelsOfB.first(panel));
      ending = tile.lanes < blocking.lanes() ? Ending.STORE_OVERLAPPING : ending;
    } else {
      tile.c = tile.sums;
      tile.cAt = tile.sumsAt;
      tile.cStep = tile.sumsStep;
    }
    kernels.get(grid.rows(i), vectors, ending).run(tile);
  }

  /** Adds up the partial sums of some rows, which every thread has finished. */
  void combine(int fromRow, int toRow) {
    destination.start();
    float[] parts = partialSums.array();
    float[] total = sums.array();
    int all = grid.row(grid.tiles()) * step();
    int block = Math.max(1, grid.mostRows());
    for (int row = fromRow; row < toRow; row += block) {
      int rows = Math.min(block, toRow - row);
      int count = rows * step();
      System.arraycopy(parts, row * step(), total, 0, count);
      for (int chunk = 1; chunk < grid.chunks(); chunk++) {
        add(parts, chunk * all + row * step(), total, count);
      }
      destination.finish(total, 0, step(), row, rows, 0, columns);
    }
  }

  private static void add(float[] from, int at, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += from[at + i];
    }
  }
}
