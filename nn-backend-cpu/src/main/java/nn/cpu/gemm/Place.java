package nn.cpu.gemm;

import nn.backend.Cursor;
import nn.backend.Operand;
import nn.cpu.CpuBuffer;
import org.jspecify.annotations.Nullable;

/** Where an operand begins in its buffer: fixed, or moved by a counter from run to run. */
final class Place {
  private final int offset;
  private final @Nullable CpuBuffer counter;
  private final int stride;

  private Place(int offset, @Nullable CpuBuffer counter, int stride) {
    this.offset = offset;
    this.counter = counter;
    this.stride = stride;
  }

  /**
   * The memory that an operand lies in.
   *
   * @throws IllegalArgumentException if it is not this backend's
   */
  static Object array(Operand operand) {
    return CpuBuffer.of(operand.buffer()).array();
  }

  /** Where an operand begins in its memory's array. */
  static Place of(Operand operand) {
    int offset = CpuBuffer.of(operand.buffer()).first() + operand.layout().offset();
    Cursor cursor = operand.cursor();
    return cursor == null
        ? at(offset)
        : new Place(offset, CpuBuffer.of(cursor.counter()), cursor.stride());
  }

  /** A place that stays. */
  static Place at(int offset) {
    return new Place(offset, null, 0);
  }

  /** The first element's index as the counter stands. */
  int now() {
    return counter == null ? offset : offset + counter.count() * stride;
  }
}
