package nn.cpu.codegen;

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

  /** Columns of a slice. */
  private static final int COLUMNS = 16 * Species.LANES;

  private final Kernel kernel;
  private final int rows;
  private final int columns;

  /** Not exact where threads count at once, which is of no consequence. */
  private int calls;

  GradualKernel(Kernel kernel, KernelSpec spec) {
    this.kernel = kernel;
    boolean inRows = spec.form() == Form.ROWS;
    this.rows = inRows ? 1 : Integer.MAX_VALUE;
    this.columns = inRows && spec.isReduction() ? Integer.MAX_VALUE - 1 : COLUMNS;
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
        int ragged = calls & 1; // C2 is to see both that there is a tail and that there is none
        int nextColumn = column + Math.min(columns + ragged, columnTo - column);
        kernel.run(arrays, numbers, row, nextRow, column, nextColumn);
        calls++;
        column = nextColumn;
      }
    }
  }
}
