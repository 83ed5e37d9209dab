package nn.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
        ? new Region(operand.buffer(), layout.begin(), layout.end())
        : new Region(operand.buffer(), 0, operand.buffer().length());
  }

  /** Whether the operand touches each element of its region. */
  static boolean isFilledBy(Operand operand) {
    Layout layout = operand.layout();
    if (!operand.isPlain() || layout.shape().size() == 0) {
      return false;
    }
    return layout.isContiguous() || hasNoGaps(layout);
  }

  /**
   * The region that outputs of one command fill together, as those at every other element do: no
   * element is written twice, so they need only be as many.
   */
  static Optional<Region> filledBy(List<Operand> outputs) {
    List<Region> parts = outputs.stream().map(Region::of).filter(r -> !r.isEmpty()).toList();
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    int from = parts.stream().mapToInt(Region::from).min().getAsInt();
    int to = parts.stream().mapToInt(Region::to).max().getAsInt();
    long elements = outputs.stream().mapToLong(output -> output.shape().size()).sum();
    return elements == to - from
        ? Optional.of(new Region(parts.getFirst().buffer, from, to))
        : Optional.empty();
  }

  /** From the smallest stride on, each must be no larger than what the axes before it fill. */
  private static boolean hasNoGaps(Layout layout) {
    Shape shape = layout.shape();
    long filled = 1;
    for (int axis : byStride(layout)) {
      int stride = Math.abs(layout.stride(axis));
      if (shape.dim(axis) > 1 && stride > filled) {
        return false;
      }
      filled += (long) stride * (shape.dim(axis) - 1);
    }
    return true;
  }

  private static List<Integer> byStride(Layout layout) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      axes.add(axis);
    }
    axes.sort(Comparator.comparingInt(axis -> Math.abs(layout.stride(axis))));
    return axes;
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
