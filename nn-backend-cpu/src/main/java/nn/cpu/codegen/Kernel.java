package nn.cpu.codegen;

import org.jspecify.annotations.Nullable;

/** A generated kernel over a block of an iteration space [rows, columns]. */
@FunctionalInterface
public interface Kernel {
  /**
   * The arrays of operand k begin at {@code arrays[ARRAYS * k]}: elements, lane offsets, row
   * numbers. That of elements goes on for a vector behind them.
   */
  int ARRAYS = 3;

  /**
   * The numbers of operand k begin at {@code numbers[NUMBERS * k]}: offset, row stride, column
   * stride, and offset and stride of the row numbers.
   */
  int NUMBERS = 5;

  /**
   * Computes the block.
   *
   * @param arrays for each operand; behind them an {@code int[]} of scratch space for this call
   *     alone
   * @param numbers for each operand; behind them the bits of the parameters
   * @param rowFrom the first row
   * @param rowTo one more than the last
   * @param columnFrom the first column
   * @param columnTo one more than the last
   */
  void run(
      @Nullable Object[] arrays,
      int[] numbers,
      int rowFrom,
      int rowTo,
      int columnFrom,
      int columnTo);
}
