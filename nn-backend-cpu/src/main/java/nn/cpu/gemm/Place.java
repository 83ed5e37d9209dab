package nn.cpu.gemm;

import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.Operand;
import nn.cpu.CpuBuffer;

/** Where an operand begins in its buffer: fixed, or moved by a counter from run to run. */
final class Place {
  private static final int[] STILL = {0};

  private final int offset;
  private final int[] counter;
  private final int stride;

  private Place(int offset, int[] counter, int stride) {
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
    return array(operand.buffer());
  }

  private static Object array(Buffer buffer) {
    if (buffer instanceof CpuBuffer mine) {
      return mine.array();
    }
    throw new IllegalArgumentException("the buffer " + buffer + " belongs to another backend");
  }

  /** Where an operand begins. */
  static Place of(Operand operand) {
    int offset = operand.layout().offset();
    Cursor cursor = operand.cursor();
    return cursor == null
        ? at(offset)
        : new Place(offset, (int[]) array(cursor.counter()), cursor.stride());
  }

  /** A place that stays. */
  static Place at(int offset) {
    return new Place(offset, STILL, 0);
  }

  /** The first element's index as the counter stands. */
  int now() {
    return offset + counter[0] * stride;
  }
}
