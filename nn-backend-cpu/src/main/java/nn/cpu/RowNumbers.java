package nn.cpu;

import nn.backend.Layout;
import nn.backend.Operand;

/**
 * The rows that a gather looks up.
 *
 * @param buffer holds their numbers
 * @param place where the first of those is
 * @param stride from one to the next
 * @param count of rows
 */
record RowNumbers(CpuBuffer buffer, Place place, int stride, int count) {

  static RowNumbers of(Operand numbers) {
    CpuBuffer buffer = CpuBuffer.of(numbers.buffer());
    Layout layout = numbers.layout();
    int count = layout.shape().dim(0);
    return new RowNumbers(buffer, Place.of(numbers), count == 1 ? 0 : layout.stride(0), count);
  }

  int[] array() {
    return (int[]) buffer.array();
  }

  /**
   * Where in their array the numbers begin, as cursors stand: kernels do not ask whether a row is
   * in memory.
   *
   * @param gathered the operand that they name rows of
   * @param rowStride from one of its rows to the next
   * @throws IllegalArgumentException if there is no such row
   */
  int now(Place gathered, int rowStride) {
    int first = place.now();
    int[] numbers = array();
    for (int i = 0; i < count; i++) {
      int row = numbers[first + i * stride];
      if (row < 0 || !gathered.isWithinAt((long) row * rowStride)) {
        throw new IllegalArgumentException(
            "row index %s, number %s of a gather, is outside a buffer of %s elements"
                .formatted(row, i, gathered.length()));
      }
    }
    return first;
  }
}
