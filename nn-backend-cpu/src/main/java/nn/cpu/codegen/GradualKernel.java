package nn.cpu.codegen;

import java.util.Objects;
import nn.backend.DType;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.KernelSpec.Form;
import nn.cpu.codegen.KernelSpec.Span;
import org.jspecify.annotations.Nullable;

/**
 * Calls a kernel in small slices while it is new. Vector code is slow by orders of magnitude until
 * C2 has compiled it, and C2 is asked when a method has been called often: slices get there sooner,
 * and no call spends long in the interpreter. Slices have no influence on results.
 */
public final class GradualKernel implements Kernel, Cold {
  /** Calls after which C2 has been asked for the kernel, with the JVM's usual thresholds. */
  private static final int NEW = 6000;

  /** Calls after which C1 has been asked, which ends the slowest time. */
  private static final int VERY_NEW = 250;

  /** Columns of a slice while the kernel is interpreted. */
  private static final int FEW_COLUMNS = 2 * Species.LANES;

  /** Columns of a slice later: C1's code counts passes, and C2 unrolls loops of many. */
  private static final int COLUMNS = 16 * Species.LANES;

  /** Calls that bring C2 to compile the kernel where the launcher's thresholds are in force. */
  private static final int FEW_CALLS = 64;

  /** With the JVM's usual thresholds: 600, and 15,000 passes of its loops. */
  private static final int MANY_CALLS = 900;

  private final Kernel kernel;
  private final KernelSpec spec;
  private final boolean inRows;
  private final boolean splitsRows;

  /** Not exact where threads count at once, which is of no consequence. */
  private int calls;

  GradualKernel(Kernel kernel, KernelSpec spec) {
    this.kernel = kernel;
    this.spec = spec;
    this.inRows = spec.form() == Form.ROWS;
    this.splitsRows = spec.span() != Span.PART && !(inRows && spec.isReduction());
  }

  @Override
  public void run(
      @Nullable Object[] arrays,
      int[] numbers,
      int rowFrom,
      int rowTo,
      int columnFrom,
      int columnTo) {
    if (calls >= NEW) {
      kernel.run(arrays, numbers, rowFrom, rowTo, columnFrom, columnTo);
    } else {
      runInSlices(arrays, numbers, rowFrom, rowTo, columnFrom, columnTo);
    }
  }

  private void runInSlices(
      @Nullable Object[] arrays,
      int[] numbers,
      int rowFrom,
      int rowTo,
      int columnFrom,
      int columnTo) {
    for (int row = rowFrom; row < rowTo; ) {
      int nextRow = inRows ? row + Math.min(1 + (calls & 1), rowTo - row) : rowTo;
      for (int column = columnFrom; column < columnTo; ) {
        int nextColumn = splitsRows ? column + Math.min(columns(), columnTo - column) : columnTo;
        kernel.run(arrays, numbers, row, nextRow, column, nextColumn);
        calls++;
        column = nextColumn;
      }
      row = nextRow;
    }
  }

  /** Odd every other time: C2 is to see both that there is a ragged end and that there is none. */
  private int columns() {
    int whole = calls < VERY_NEW ? FEW_COLUMNS : COLUMNS;
    return spec.span() == Span.WHOLE ? whole : whole + (calls & 1);
  }

  @Override
  public void warmUp() {
    warmUp(FEW_CALLS);
  }

  @Override
  public void warmUpMore() {
    warmUp(MANY_CALLS);
  }

  /**
   * One row or more, and columns that fill a vector, a part of one, or one and a part of the next:
   * what C2 has not seen happen it takes for impossible, and compiles again when it does happen.
   */
  private void warmUp(int times) {
    @Nullable Object[] arrays = ownArrays();
    int[] numbers = ownNumbers();
    int[] columns =
        switch (spec.span()) {
          case WHOLE -> new int[] {Species.LANES, FEW_COLUMNS};
          case PART -> new int[] {Species.LANES - 1, 1};
          case OVERLAPPING -> new int[] {Species.LANES, FEW_COLUMNS - 1, Species.LANES + 1};
          case ANY -> new int[] {Species.LANES, FEW_COLUMNS - 1, 1, Species.LANES + 1};
        };
    for (int i = 0; i < times && calls < NEW && !Thread.currentThread().isInterrupted(); i++) {
      kernel.run(arrays, numbers, 0, 1 + i % 3, 0, columns[i % columns.length]);
      calls++;
    }
  }

  private @Nullable Object[] ownArrays() {
    int length = FEW_COLUMNS + Species.LANES + farthest();
    @Nullable Object[] arrays = new @Nullable Object[ARRAYS * spec.operands().size() + 1];
    arrays[arrays.length - 1] = new int[Species.LANES];
    for (int k = 0; k < spec.operands().size(); k++) {
      DType type = spec.operands().get(k).type();
      arrays[ARRAYS * k] = type == null ? null : Elements.newArray(type, length);
      arrays[ARRAYS * k + 1] = new int[Species.LANES];
      arrays[ARRAYS * k + 2] = new int[1];
    }
    return arrays;
  }

  /** How far the farthest operand lies behind the one that it is reached from. */
  private int farthest() {
    return spec.operands().stream()
        .map(Access::beside)
        .filter(Objects::nonNull)
        .mapToInt(Access.Beside::distance)
        .max()
        .orElse(0);
  }

  /** All at the beginning of its array, one element after another. */
  private int[] ownNumbers() {
    int[] numbers = new int[NUMBERS * spec.operands().size() + spec.parameters()];
    for (int k = 0; k < spec.operands().size(); k++) {
      numbers[NUMBERS * k + 2] = spec.operands().get(k).along() == Along.BROADCAST ? 0 : 1;
    }
    return numbers;
  }
}
