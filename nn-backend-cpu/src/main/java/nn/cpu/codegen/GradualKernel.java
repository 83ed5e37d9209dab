package nn.cpu.codegen;

import nn.backend.DType;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.KernelSpec.Form;
import org.jspecify.annotations.Nullable;

/**
 * Calls a kernel in small slices while it is new. Vector code is slow by orders of magnitude until
 * C2 has compiled it, and C2 is asked when a method has been called often: slices get there sooner,
 * and no call spends long in the interpreter. Slices have no influence on results.
 */
final class GradualKernel implements Kernel {
  /** Calls after which C2 has been asked for the kernel, with the JVM's usual thresholds. */
  private static final int NEW = 6000;

  /** Calls after which C1 has been asked, which ends the slowest time. */
  private static final int VERY_NEW = 250;

  /** Columns of a slice while the kernel is interpreted. */
  private static final int FEW_COLUMNS = 2 * Species.LANES;

  /** Columns of a slice later: C1's code counts passes, and C2 unrolls loops of many. */
  private static final int COLUMNS = 16 * Species.LANES;

  /** Calls on no data that bring C2 to compile the kernel: 600, and 15,000 passes of its loops. */
  private static final int WARM_UP_CALLS = 900;

  private final Kernel kernel;
  private final KernelSpec spec;
  private final int rows;
  private final boolean splitsRows;

  /** Not exact where threads count at once, which is of no consequence. */
  private int calls;

  GradualKernel(Kernel kernel, KernelSpec spec) {
    this.kernel = kernel;
    this.spec = spec;
    boolean inRows = spec.form() == Form.ROWS;
    this.rows = inRows ? 1 : Integer.MAX_VALUE;
    this.splitsRows = !inRows || !spec.isReduction();
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
    for (int row = rowFrom; row < rowTo; row += Math.min(rows, rowTo - row)) {
      int nextRow = row + Math.min(rows, rowTo - row);
      for (int column = columnFrom; column < columnTo; ) {
        int nextColumn = splitsRows ? column + Math.min(columns(), columnTo - column) : columnTo;
        kernel.run(arrays, numbers, row, nextRow, column, nextColumn);
        calls++;
        column = nextColumn;
      }
    }
  }

  /** Odd every other time: C2 is to see both that there is a ragged end and that there is none. */
  private int columns() {
    return (calls < VERY_NEW ? FEW_COLUMNS : COLUMNS) + (calls & 1);
  }

  /** Calls the kernel on arrays of its own until C1 is asked for it. */
  void warmUp() {
    warmUp(VERY_NEW);
  }

  /** Goes on until C2 is asked for it. */
  void warmUpMore() {
    warmUp(WARM_UP_CALLS);
  }

  private void warmUp(int times) {
    @Nullable Object[] arrays = ownArrays();
    int[] numbers = ownNumbers();
    for (int i = 0; i < times && calls < NEW && !Thread.currentThread().isInterrupted(); i++) {
      kernel.run(arrays, numbers, 0, 1, 0, columns());
      calls++;
    }
  }

  private @Nullable Object[] ownArrays() {
    @Nullable Object[] arrays = new @Nullable Object[ARRAYS * spec.operands().size() + 1];
    arrays[arrays.length - 1] = new int[Species.LANES];
    for (int k = 0; k < spec.operands().size(); k++) {
      DType type = spec.operands().get(k).type();
      arrays[ARRAYS * k] = type == null ? null : Elements.newArray(type, COLUMNS + 1);
      arrays[ARRAYS * k + 1] = new int[Species.LANES];
      arrays[ARRAYS * k + 2] = new int[1];
    }
    return arrays;
  }

  /** All at the beginning of its array, one element after another. */
  private int[] ownNumbers() {
    int[] numbers = new int[NUMBERS * spec.operands().size()];
    for (int k = 0; k < spec.operands().size(); k++) {
      numbers[NUMBERS * k + 2] = spec.operands().get(k).along() == Along.BROADCAST ? 0 : 1;
    }
    return numbers;
  }
}
