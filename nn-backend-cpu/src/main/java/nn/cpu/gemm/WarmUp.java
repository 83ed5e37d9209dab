package nn.cpu.gemm;

import java.util.ArrayList;
import java.util.List;
import nn.backend.DType;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.cpu.CpuBuffer;
import nn.cpu.codegen.Cold;
import nn.cpu.gemm.MicroKernelShape.Addressing;
import nn.cpu.gemm.MicroKernelShape.Ending;

/**
 * Runs the code of products on tiny matrices until C2 is asked to compile it. Vector code is slower
 * by a factor of hundreds before that, and C2 asks for many calls: short sums get there sooner than
 * long ones.
 */
final class WarmUp implements Cold {
  private static final int TERMS = 24;

  private final GemmEngine engine;
  private final Blocking blocking;

  /**
   * The code of an engine's products.
   *
   * @param engine nobody else's
   */
  WarmUp(GemmEngine engine) {
    this.engine = engine;
    this.blocking = engine.blocking();
  }

  @Override
  public void warmUp() {
    run(ENOUGH_CALLS);
  }

  @Override
  public void warmUpMore() {
    run(CALLS_IN_ANY_CASE);
  }

  /** A micro-kernel. */
  Cold of(MicroKernelShape shape) {
    return new Cold() {
      @Override
      public void warmUp() {
        warm(shape, ENOUGH_CALLS);
      }

      @Override
      public void warmUpMore() {
        warm(shape, CALLS_IN_ANY_CASE);
      }
    };
  }

  private void run(int calls) {
    Tiles tiles = blocking.tiles();
    int lanes = tiles.lanes();
    for (int columns : new int[] {tiles.mostVectors() * lanes, lanes}) {
      warm(tiles.inPlace(columns), Addressing.ROWS, calls);
      warm(tiles.fromPanels(columns), Addressing.COLUMNS, calls);
    }
    multiply(calls);
  }

  private void warm(Tiles.Size size, Addressing addressing, int calls) {
    warm(new MicroKernelShape(size.rows(), size.vectors(), addressing, Ending.STORE), calls);
  }

  private void warm(MicroKernelShape shape, int calls) {
    Tile tile = new Tile();
    int rows = shape.rows();
    int columns = shape.vectors() * blocking.lanes();
    tile.a = new float[rows * Math.max(TERMS, shape.addressing().rowOfA()) + TERMS];
    tile.aRowStep = TERMS;
    tile.aStep = rows;
    tile.b = new float[columns * TERMS];
    tile.bStep = columns;
    boolean inRuns = shape.addressing().byRuns();
    tile.k = inRuns ? TERMS / 2 : TERMS;
    tile.terms = new int[inRuns ? 2 : TERMS];
    tile.cStep = columns;
    int rowOfC = Math.max(columns, shape.addressing().rowOfC());
    tile.sums = new float[rows * rowOfC + blocking.lanes()];
    tile.c = tile.sums;
    tile.sumsStep = columns;
    tile.lanes = 1;
    MicroKernel kernel =
        engine.kernels(shape.addressing()).get(rows, shape.vectors(), shape.ending());
    for (int i = 0; i < calls && !Thread.currentThread().isInterrupted(); i++) {
      kernel.run(tile);
    }
  }

  /**
   * The loops and the packing, with as little arithmetic as can be: whole lines and ragged ones in
   * turn, so that C2 has seen both when it is asked.
   */
  private void multiply(int calls) {
    Tiles.Size tile = blocking.tiles().fromPanels();
    int lanes = blocking.lanes();
    List<Runnable> uses = new ArrayList<>();
    addUses(tile.rows(), tile.vectors() * lanes, lanes, uses);
    addUses(tile.rows() + 1, lanes - 1, lanes + 3, uses);
    for (int i = 0; i < calls && !Thread.currentThread().isInterrupted(); i++) {
      uses.forEach(Runnable::run);
    }
  }

  private void addUses(int rows, int columns, int terms, List<Runnable> uses) {
    Operand a = operand(rows, terms);
    Operand b = operand(terms, columns);
    Operand c = operand(rows, columns);
    GemmJob plain = engine.bind(Gemm.of(a, b, c));
    GemmJob transposed = engine.bind(Gemm.of(transposed(a), transposed(b), c));
    uses.add(() -> plain.run(0, plain.parts(1)));
    uses.add(() -> transposed.run(0, transposed.parts(1)));
    // so few rows do not have B packed where its columns lie side by side
    Factor factor = Factor.ofColumns(b);
    Packing packing = new Packing();
    int step = blocking.wholeVectors(columns);
    float[] panel = new float[terms * step + blocking.lanes()];
    int at = factor.place().now();
    uses.add(() -> packing.pack(factor, at, columns, terms, panel, 0, step));
  }

  private static Operand operand(int rows, int columns) {
    return Operand.of(new CpuBuffer(DType.F32, rows * columns), Shape.of(rows, columns));
  }

  private static Operand transposed(Operand operand) {
    Shape shape = operand.shape();
    Layout layout = Layout.contiguous(Shape.of(shape.dim(1), shape.dim(0)), 0);
    return operand.with(layout.transpose());
  }
}
