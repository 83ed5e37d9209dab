package nn.cpu.gemm;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nn.backend.Gemm;
import nn.cpu.Chunks;
import nn.cpu.Job;
import nn.cpu.gemm.MicroKernelShape.Addressing;
import nn.cpu.gemm.MicroKernelShape.Order;

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
  private final Addressing addressing;
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
    boolean byRuns = a.order() == Order.ROWS_BY_RUNS;
    this.addressing =
        new Addressing(
            a.order(),
            byRuns ? a.rowStep() : 0,
            byRuns || blocking.packsB(b, gemm.m()),
            isDirect() ? gemm.outputs().getFirst().layout().stride(0) : columns);
    if (grid.chunks() > 1) {
      engine.partialSums().reserve(grid.chunks() * gemm.m() * columns);
    }
  }

  private boolean isDirect() {
    return FoldedRegion.isDirect(engine.blocking(), grid, GemmJob.isPlain(gemm), gemm.n());
  }

  /** What is to be run, one after another. */
  List<Job> jobs() {
    return grid.chunks() == 1 ? List.of(this) : List.of(this, new Combination());
  }

  /** The micro-kernels that will run. */
  Set<MicroKernelShape> microKernels() {
    Blocking blocking = engine.blocking();
    return Cuts.microKernels(
        IntStream.of(0, grid.tilesOfLine() - 1).mapToObj(grid::rows).collect(Collectors.toSet()),
        FoldedRegion.cutOfB(blocking, grid, gemm.n()),
        gemm.n(),
        blocking.lanes(),
        addressing,
        isDirect(),
        grid.goes() > grid.chunks());
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
                addressing,
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
