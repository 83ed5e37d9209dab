package nn.cpu.gemm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nn.backend.Gemm;
import nn.cpu.Chunks;
import nn.cpu.Job;
import nn.cpu.gemm.MicroKernelShape.Ending;
import nn.cpu.gemm.Panels.Cut;

/**
 * A product whose factor A is folded, bound to its operands: a convolution or one of its gradients.
 * A is never copied; what a tile reads of it, its tables say. Not safe for use by several teams at
 * once.
 */
final class FoldedJob implements Job {
  /** Multiplications that are worth a thread. */
  private static final long WORTH_A_THREAD = 40_000;

  private final GemmEngine engine;
  private final Gemm gemm;
  private final Folded a;
  private final Factor b;
  private final FoldedGrid grid;
  private FoldedRegion[] regions = {};

  FoldedJob(GemmEngine engine, Gemm gemm) {
    Blocking blocking = engine.blocking();
    this.engine = engine;
    this.gemm = gemm;
    this.b = Factor.ofColumns(gemm.b());
    // many rows make enough tiles; few rows with long sums are shared out by terms
    this.a = Folded.of(gemm, gemm.k() > gemm.m() ? blocking.kc() : gemm.k());
    int columns = blocking.wholeVectors(gemm.n());
    this.grid = FoldedGrid.of(a, blocking.tiles().inPlace(columns).rows(), columns);
    if (grid.chunks() > 1) {
      engine.partialSums().reserve(grid.chunks() * gemm.m() * columns);
    }
  }

  /** What is to be run, one after another. */
  List<Job> jobs() {
    return grid.chunks() == 1 ? List.of(this) : List.of(this, new Combination());
  }

  /** The micro-kernels that will run. */
  Set<MicroKernelShape> microKernels() {
    Set<MicroKernelShape> shapes = new HashSet<>();
    Blocking blocking = engine.blocking();
    Cut cut = FoldedRegion.cutOfB(blocking, grid, gemm.n());
    Destination destination = GemmJob.destination(engine, gemm, 1);
    boolean direct = FoldedRegion.isDirect(blocking, grid, destination, gemm.n());
    for (int tile : new int[] {0, grid.tilesOfLine() - 1}) {
      for (int panel = 0; panel < cut.panels(gemm.n()); panel++) {
        int width = cut.count(panel, gemm.n());
        int vectors = Math.ceilDiv(width, blocking.lanes());
        boolean ragged = direct && width % blocking.lanes() != 0;
        Ending ending = ragged ? Ending.STORE_OVERLAPPING : Ending.STORE;
        shapes.add(new MicroKernelShape(grid.rows(tile), vectors, a.reading(), ending));
        if (grid.goes() > grid.chunks()) {
          shapes.add(new MicroKernelShape(grid.rows(tile), vectors, a.reading(), Ending.ADD));
        }
      }
    }
    return shapes;
  }

  @Override
  public int parts(int threads) {
    long work = (long) gemm.m() * gemm.n() * Math.max(1, gemm.k());
    long worthwhile = Math.min(grid.units(), work / WORTH_A_THREAD);
    return share(Math.clamp(worthwhile, 1, threads));
  }

  private int share(int parts) {
    if (parts > regions.length) {
      regions = new FoldedRegion[parts];
      for (int part = 0; part < parts; part++) {
        regions[part] =
            new FoldedRegion(
                engine,
                a,
                grid,
                b,
                gemm.n(),
                GemmJob.destination(engine, gemm, 1),
                engine.workspace(part),
                engine.partialSums());
      }
    }
    return parts;
  }

  @Override
  public void run(int part, int parts) {
    int from = Chunks.first(grid.units(), part, parts);
    regions[part].compute(from, Chunks.first(grid.units(), part + 1, parts));
  }

  /** Adds up the chunks' partial sums. */
  private final class Combination implements Job {
    @Override
    public int parts(int threads) {
      long work = (long) gemm.m() * gemm.n() * grid.chunks();
      return share(Math.clamp(work / WORTH_A_THREAD, 1, Math.min(threads, gemm.m())));
    }

    @Override
    public void run(int part, int parts) {
      int from = Chunks.first(gemm.m(), part, parts);
      regions[part].combine(from, Chunks.first(gemm.m(), part + 1, parts));
    }
  }
}
