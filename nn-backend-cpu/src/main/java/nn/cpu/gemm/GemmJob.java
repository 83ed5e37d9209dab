package nn.cpu.gemm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nn.backend.DType;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.cpu.Job;
import nn.cpu.Place;
import nn.cpu.codegen.KernelSpec.Span;

/** A product bound to its operands. Not safe for use by several teams at once. */
public final class GemmJob implements Job {
  private final GemmEngine engine;
  private final Gemm gemm;
  private final Factor a;
  private final Factor b;
  private Region[] regions = {};
  private int threads;

  GemmJob(GemmEngine engine, Gemm gemm) {
    this.engine = engine;
    this.gemm = gemm;
    this.a = Factor.ofRows(gemm.a());
    this.b = Factor.ofColumns(gemm.b());
  }

  /** The micro-kernels that one thread alone would run. */
  Set<MicroKernelShape> microKernels() {
    Blocking blocking = engine.blocking();
    int goes = blocking.goes(gemm.k());
    int rows = blocking.rowsOfBlock(gemm.m(), Math.ceilDiv(gemm.k(), goes));
    rows = Math.min(rows, gemm.m());
    int columns = Math.min(blocking.nc(), gemm.n());
    Cuts cuts = Cuts.of(blocking, a, b, gemm.m(), columns, goes == 1);
    boolean direct = goes == 1 && isPlain(gemm) && columns >= blocking.lanes();
    int last = cuts.ofA().count(cuts.ofA().panels(rows) - 1, rows);
    return Cuts.microKernels(
        new HashSet<>(List.of(cuts.ofA().count(0, rows), last)),
        cuts.ofB(),
        columns,
        blocking.lanes(),
        cuts.addressing(),
        direct,
        goes > 1);
  }

  @Override
  public int parts(int available) {
    if (available != threads) {
      threads = available;
      share();
    }
    return regions.length;
  }

  private void share() {
    Blocking blocking = engine.blocking();
    Grid grid = Grid.of(gemm.m(), gemm.n(), gemm.k(), threads, blocking);
    regions = new Region[grid.parts()];
    for (int part = 0; part < regions.length; part++) {
      Extent extent = grid.extent(part, gemm.m(), gemm.n(), gemm.k(), blocking);
      Workspace work = engine.workspace(part);
      regions[part] =
          new Region(engine, extent, a, b, destination(engine, gemm, grid.across()), work);
    }
  }

  /**
   * Where the sums of a product go.
   *
   * @param across parts that its columns are shared out to
   */
  static Destination destination(GemmEngine engine, Gemm gemm, int across) {
    if (isPlain(gemm)) {
      return directStore(gemm.outputs().getFirst());
    }
    int nc = engine.blocking().nc();
    boolean wholeRows = across == 1 && gemm.n() <= nc;
    boolean repeatable = wholeRows && !readsWhatItWrites(gemm);
    return new BlockEpilogue(gemm, engine.epilogues(), Span.of(gemm.n(), nc, repeatable));
  }

  private static boolean readsWhatItWrites(Gemm gemm) {
    return gemm.outputs().stream()
        .anyMatch(output -> gemm.extras().stream().anyMatch(output::mayMeet));
  }

  /** Whether sums are stored as they are, row by row without gaps. */
  static boolean isPlain(Gemm gemm) {
    Operand output = gemm.outputs().getFirst();
    return gemm.epilogue().equals(Gemm.IDENTITY)
        && output.type() == DType.F32
        && (output.layout().stride(1) == 1 || gemm.n() == 1);
  }

  private static DirectStore directStore(Operand output) {
    float[] c = (float[]) Place.array(output);
    return new DirectStore(c, Place.of(output), output.layout().stride(0));
  }

  @Override
  public void run(int part, int parts) {
    regions[part].compute();
  }
}
