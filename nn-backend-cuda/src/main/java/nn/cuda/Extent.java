package nn.cuda;

import nn.backend.Buffer;
import nn.backend.Layout;
import nn.backend.Operand;

/**
 * The part of a buffer that an operand may reach.
 *
 * @param first the lowest element
 * @param last the highest
 */
record Extent(Buffer buffer, long first, long last) {

  /** All of the buffer where addresses are known only when running. */
  static Extent of(Operand operand) {
    if (!operand.isPlain()) {
      return new Extent(operand.buffer(), 0, Long.MAX_VALUE);
    }
    Layout layout = operand.layout();
    long first = layout.offset();
    long last = first;
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      long span = (long) layout.stride(axis) * (layout.shape().dim(axis) - 1);
      first += Math.min(0, span);
      last += Math.max(0, span);
    }
    return new Extent(operand.buffer(), first, last);
  }

  boolean meets(Extent that) {
    return buffer == that.buffer && first <= that.last && that.first <= last;
  }
}
