package nn.cpu.gemm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.backend.DType;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.cpu.Place;
import nn.cpu.codegen.Access;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Generic;
import nn.cpu.codegen.Kernel;
import nn.cpu.codegen.KernelSpec;
import nn.cpu.codegen.KernelSpec.Form;
import nn.cpu.codegen.KernelSpec.Span;
import nn.cpu.codegen.Kernels;
import nn.cpu.codegen.Species;
import nn.cpu.codegen.Stage;
import nn.expr.Expr;
import nn.expr.Program;
import org.jspecify.annotations.Nullable;

/** Runs an epilogue as a row kernel over each finished block of sums, while it is in cache. */
final class BlockEpilogue implements Destination {
  private static final int SUMS = 0;
  private static final Object NO_MEMORY = new Object();

  private final List<Access> accesses = new ArrayList<>();
  private final List<Object> arrays = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  private final List<int[]> strides = new ArrayList<>();
  private final Kernel kernel;
  private final Object[] kernelArrays;
  private final int[] kernelNumbers;

  /**
   * An epilogue.
   *
   * @param span the columns of a block
   */
  BlockEpilogue(Gemm gemm, Kernels kernels, Span span) {
    add(DType.F32, new float[0], Place.at(0), 1, 1);
    Map<Expr, Stage.Source> leaves = new HashMap<>();
    for (Program.Step step : gemm.epilogue().steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        leaves.put(leaf, new Stage.Memory(operandOf(leaf, gemm)));
      }
    }
    List<Stage.Output> outputs = new ArrayList<>();
    for (Operand output : gemm.outputs()) {
      outputs.add(new Stage.Output(output.type(), add(output)));
    }
    Stage stage = new Stage(gemm.epilogue(), leaves, outputs, List.of(), -1);
    Generic generic = Generic.of(new KernelSpec(Form.ROWS, span, accesses, List.of(stage)));
    kernel = kernels.get(generic.spec());
    kernelArrays = new Object[Kernel.ARRAYS * accesses.size() + 1];
    kernelNumbers = generic.numbers();
    fill();
  }

  private int operandOf(Expr leaf, Gemm gemm) {
    return switch (leaf) {
      case Expr.Input input ->
          input.index() == 0 ? SUMS : add(gemm.extras().get(input.index() - 1));
      case Expr.Index index -> index.axis() == 0 ? own(1, 0) : own(0, 1);
      case Expr.Position position -> own(gemm.n(), 1);
      default -> throw new IllegalStateException("no leaf of a program: " + leaf);
    };
  }

  /** An operand whose elements are their own addresses. */
  private int own(int rowStride, int columnStride) {
    return add(null, NO_MEMORY, Place.at(0), rowStride, columnStride);
  }

  private int add(Operand operand) {
    Layout layout = operand.layout();
    return add(
        operand.type(),
        Place.array(operand),
        Place.of(operand),
        layout.stride(0),
        layout.stride(1));
  }

  private int add(
      @Nullable DType type, Object array, Place place, int rowStride, int columnStride) {
    accesses.add(new Access(type, Along.of(columnStride), false));
    arrays.add(array);
    places.add(place);
    strides.add(new int[] {rowStride, columnStride});
    return accesses.size() - 1;
  }

  private void fill() {
    for (int i = 0; i < accesses.size(); i++) {
      int columnStride = strides.get(i)[1];
      kernelArrays[Kernel.ARRAYS * i] = arrays.get(i);
      if (accesses.get(i).along() == Along.STRIDED) {
        kernelArrays[Kernel.ARRAYS * i + 1] = laneOffsets(columnStride);
      }
      kernelNumbers[Kernel.NUMBERS * i + 1] = strides.get(i)[0];
      kernelNumbers[Kernel.NUMBERS * i + 2] = columnStride;
    }
    kernelArrays[Kernel.ARRAYS * accesses.size()] = new int[Species.LANES];
  }

  private static int[] laneOffsets(int stride) {
    int[] offsets = new int[Species.LANES];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = i * stride;
    }
    return offsets;
  }

  @Override
  public void start() {
    for (int i = 0; i < places.size(); i++) {
      kernelNumbers[Kernel.NUMBERS * i] = places.get(i).now();
    }
  }

  @Override
  public boolean isDirect() {
    return false;
  }

  @Override
  public void aim(Tile tile, int row, int column) {
    throw new IllegalStateException("an epilogue takes whole blocks");
  }

  @Override
  public void finish(float[] sums, int at, int step, int row, int rows, int column, int columns) {
    kernelArrays[Kernel.ARRAYS * SUMS] = sums;
    kernelNumbers[Kernel.NUMBERS * SUMS] = at - row * step - column;
    kernelNumbers[Kernel.NUMBERS * SUMS + 1] = step;
    kernel.run(kernelArrays, kernelNumbers, row, row + rows, column, column + columns);
  }
}
