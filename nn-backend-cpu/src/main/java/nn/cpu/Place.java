package nn.cpu;

import nn.backend.Cursor;
import nn.backend.Layout;
import nn.backend.Operand;
import org.jspecify.annotations.Nullable;

/**
 * Where an operand begins in its buffer: fixed, or moved by a counter from run to run.
 *
 * @param start the first element's index in the buffer's array as long as the counter is 0
 * @param stride elements to move for each count
 * @param begin the lowest element of the buffer that is then reached
 * @param end one more than the highest
 * @param span how many elements a single coordinate along axis 0 reaches over
 * @param length of the buffer
 */
public record Place(
    int start, @Nullable CpuBuffer counter, int stride, int begin, int end, int span, int length) {
  /** Two parts of one array are not further apart than this. */
  private static final int FAR = 1 << 16;

  /**
   * Where an operand begins; of one that gathers, its row 0.
   *
   * @throws IllegalArgumentException if its memory is not this backend's
   */
  public static Place of(Operand operand) {
    CpuBuffer buffer = CpuBuffer.of(operand.buffer());
    Layout whole = operand.layout();
    Layout first =
        whole.shape().rank() == 0
            ? whole
            : Layout.of(whole.shape().with(0, 1), whole.strides(), whole.offset());
    Layout layout = operand.rows() == null ? whole : first;
    int start = buffer.first() + layout.offset();
    if (layout.shape().size() == 0) {
      return at(start);
    }
    Cursor cursor = operand.cursor();
    CpuBuffer counter = cursor == null ? null : CpuBuffer.of(cursor.counter());
    int stride = cursor == null ? 0 : cursor.stride();
    int span = first.end() - first.begin();
    return new Place(start, counter, stride, layout.begin(), layout.end(), span, buffer.length());
  }

  /** A place that stays. */
  public static Place at(int start) {
    return new Place(start, null, 0, 0, 0, 0, 0);
  }

  /**
   * The memory that an operand lies in.
   *
   * @throws IllegalArgumentException if it is not this backend's
   */
  public static Object array(Operand operand) {
    return CpuBuffer.of(operand.buffer()).array();
  }

  /**
   * The first element's index as the counter stands.
   *
   * @throws IllegalArgumentException if the counter moves the operand out of its buffer
   */
  public int now() {
    if (counter != null && !isWithinAt(0)) {
      throw new IllegalArgumentException(
          "a cursor moves an operand to elements %s to %s, outside a buffer of %s elements"
              .formatted(begin + moved(), end - 1 + moved(), length));
    }
    return origin();
  }

  /** The first element's index as the counter stands, in the buffer or not. */
  int origin() {
    return start + (int) moved();
  }

  /** Whether the operand, as the counter stands, is within its buffer so many elements further. */
  boolean isWithinAt(long distance) {
    long moved = moved() + distance;
    return begin + moved >= 0 && end + moved <= length;
  }

  /**
   * How far another place in the same buffer lies behind this one, whatever the counter says; -1 if
   * it does not, not always, or behind what a single coordinate along axis 0 reaches over. So the
   * distance is one within an array: neither the size of a batch nor the layout of a plan's memory
   * makes it.
   */
  int distanceTo(Place that) {
    boolean stays = counter == that.counter && stride == that.stride;
    int distance = that.start - start;
    return stays && distance >= 0 && distance < Math.min(span, FAR) ? distance : -1;
  }

  private long moved() {
    return counter == null ? 0 : (long) counter.count() * stride;
  }
}
