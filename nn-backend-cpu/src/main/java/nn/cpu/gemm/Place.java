package nn.cpu.gemm;

import nn.backend.Buffer;
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
    return memory(operand.buffer()).array();
  }

  private static CpuBuffer memory(Buffer buffer) {
    if (buffer instanceof CpuBuffer mine) {
      return mine;
    }
    throw new IllegalArgumentException("the buffer " + buffer + " belongs to another backend");
  }

  /** Where an operand begins in its memory's array. */
  static Place of(Operand operand) {
    int offset = memory(operand.buffer()).first() + operand.layout().offset();
    Cursor cursor = operand.cursor();
    return cursor == null
        ? at(offset)
        : new Place(offset, memory(cursor.counter()), cursor.stride());
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
