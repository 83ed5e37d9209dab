package nn.plan;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import nn.backend.Buffer;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;

/**
 * An interval of a buffer that covers every element an operand may touch.
 *
 * @param buffer the memory
 * @param from the first element
 * @param to one after the last element
 */
record Region(Buffer buffer, int from, int to) {

  /** The whole buffer where addresses depend on a gather or a cursor. */
  static Region of(Operand operand) {
    Layout layout = operand.layout();
    if (layout.shape().size() == 0) {
      return new Region(operand.buffer(), 0, 0);
    }
    return operand.isPlain()
        ? new Region(operand.buffer(), first(layout), layout.end())
        : new Region(operand.buffer(), 0, operand.buffer().length());
  }

  private static int first(Layout layout) {
    Shape shape = layout.shape();
    return layout.offset()
        + IntStream.range(0, shape.rank())
            .map(axis -> Math.min(0, layout.stride(axis)) * (shape.dim(axis) - 1))
            .sum();
  }

  /** Whether the operand touches each element of its region. */
  static boolean isFilledBy(Operand operand) {
    Layout layout = operand.layout();
    Shape shape = layout.shape();
    if (!operand.isPlain()) {
      return false;
    }
    int[] axes =
        IntStream.range(0, shape.rank())
            .filter(axis -> shape.dim(axis) > 1)
            .boxed()
            .sorted(Comparator.comparingInt(axis -> Math.abs(layout.stride(axis))))
            .mapToInt(axis -> axis)
            .toArray();
    long dense = 1;
    for (int axis : axes) {
      if (Math.abs(layout.stride(axis)) > dense) {
        return false;
      }
      dense += (long) Math.abs(layout.stride(axis)) * (shape.dim(axis) - 1);
    }
    return Arrays.stream(shape.dims()).allMatch(dim -> dim > 0);
  }

  boolean isEmpty() {
    return from >= to;
  }

  boolean overlaps(Region that) {
    return buffer == that.buffer
        && !isEmpty()
        && !that.isEmpty()
        && from < that.to
        && that.from < to;
  }

  boolean contains(Region that) {
    return buffer == that.buffer && from <= that.from && that.to <= to;
  }
}
