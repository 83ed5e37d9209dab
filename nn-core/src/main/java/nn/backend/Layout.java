package nn.backend;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of an array lie in a buffer: element (i, j, ...) at {@code offset + i *
 * stride(0) + j * stride(1) + ...}. A stride of 0 reads one element again and again (broadcast).
 * All counts are in elements. Layouts are equal when they name the same elements in the same order:
 * the stride along an axis of extent 1 does not count.
 */
public final class Layout {
  private final Shape shape;
  private final int[] strides;
  private final int offset;

  private Layout(Shape shape, int[] strides, int offset) {
    if (strides.length != shape.rank()) {
      throw new IllegalArgumentException(strides.length + " strides for shape " + shape);
    }
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    long first = offset;
    long last = offset;
    for (int i = 0; i < strides.length; i++) {
      long span = shape.size() == 0 ? 0 : (long) strides[i] * (shape.dim(i) - 1);
      first += Math.min(0, span);
      last += Math.max(0, span);
    }
    if (first < 0 || last > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("layout reaches outside 0 to 2^31 - 1: " + this);
    }
  }

  /** The layout with these strides. */
  public static Layout of(Shape shape, int[] strides, int offset) {
    return new Layout(shape, strides.clone(), offset);
  }

  /** Row-major from the given offset, without gaps. */
  public static Layout contiguous(Shape shape, int offset) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape.dim(i));
    }
    return new Layout(shape, strides, offset);
  }

  public Shape shape() {
    return shape;
  }

  public int offset() {
    return offset;
  }

  /** The stride along an axis; a negative axis counts from the last. */
  public int stride(int axis) {
    return strides[shape.axis(axis)];
  }

  /** A copy of the strides. */
  public int[] strides() {
    return strides.clone();
  }

  /** The same layout from another offset. */
  public Layout at(int newOffset) {
    return new Layout(shape, strides, newOffset);
  }

  /** The lowest element reached; the offset if there is none. */
  public int begin() {
    int first = offset;
    for (int i = 0; i < strides.length; i++) {
      first += Math.min(0, strides[i]) * Math.max(0, shape.dim(i) - 1);
    }
    return first;
  }

  /** One more than the highest element reached; 0 if there is none. */
  public int end() {
    int last = offset;
    for (int i = 0; i < strides.length; i++) {
      last += Math.max(0, strides[i]) * Math.max(0, shape.dim(i) - 1);
    }
    return shape.size() == 0 ? 0 : last + 1;
  }

  /** Whether the elements follow one another in row-major order without gaps. */
  public boolean isContiguous() {
    int expected = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      if (shape.dim(i) != 1 && strides[i] != expected) {
        return shape.size() == 0;
      }
      expected *= shape.dim(i);
    }
    return true;
  }

  /**
   * The same elements with the axes in another order: axis i of the result is axis {@code order[i]}
   * of this.
   */
  public Layout permute(int... order) {
    int[] dims = new int[order.length];
    int[] permuted = new int[order.length];
    boolean[] used = new boolean[shape.rank()];
    for (int i = 0; i < order.length; i++) {
      dims[i] = shape.dim(order[i]);
      permuted[i] = stride(order[i]);
      used[shape.axis(order[i])] = true;
    }
    for (boolean b : used) {
      if (!b || order.length != shape.rank()) {
        throw new IllegalArgumentException(
            Arrays.toString(order) + " is no order of the axes of " + shape);
      }
    }
    return new Layout(Shape.of(dims), permuted, offset);
  }

  /** A matrix read transposed: the last two axes exchanged. */
  public Layout transpose() {
    int rank = shape.rank();
    if (rank < 2) {
      throw new IllegalArgumentException("shape " + shape + " has no two axes to exchange");
    }
    int[] order = new int[rank];
    Arrays.setAll(order, i -> i < rank - 2 ? i : 2 * rank - 3 - i);
    return permute(order);
  }

  /**
   * The layout stretched to a larger shape: new axes in front and axes of extent 1 get stride 0.
   *
   * @throws IllegalArgumentException if this shape does not stretch to that
   */
  public Layout broadcastTo(Shape target) {
    int added = target.rank() - shape.rank();
    if (added < 0 || !shape.broadcast(target).equals(target)) {
      throw new IllegalArgumentException("shape " + shape + " does not broadcast to " + target);
    }
    int[] stretched = new int[target.rank()];
    for (int i = added; i < stretched.length; i++) {
      boolean stretches = shape.dim(i - added) == 1 && target.dim(i) != 1;
      stretched[i] = stretches ? 0 : strides[i - added];
    }
    return new Layout(target, stretched, offset);
  }

  /** The elements from one coordinate up to, not including, another along an axis. */
  public Layout slice(int axis, int from, int to) {
    if (from < 0 || to < from || to > shape.dim(axis)) {
      throw new IllegalArgumentException(
          "no slice " + from + " to " + to + " of axis " + axis + " of " + shape);
    }
    int start = from == to ? offset : offset + from * stride(axis); // nothing may begin outside
    return new Layout(shape.with(axis, to - from), strides, start);
  }

  /** The elements at one coordinate of an axis, which goes. */
  public Layout select(int axis, int coordinate) {
    Layout one = slice(axis, coordinate, coordinate + 1);
    int gone = shape.axis(axis);
    IntPredicate stays = i -> i != gone;
    int[] axes = IntStream.range(0, strides.length).filter(stays).toArray();
    int[] dims = IntStream.of(axes).map(shape::dim).toArray();
    return new Layout(
        Shape.of(dims), IntStream.of(axes).map(i -> strides[i]).toArray(), one.offset);
  }

  /** The elements with an axis walked backwards. */
  public Layout flip(int axis) {
    int[] flipped = strides.clone();
    flipped[shape.axis(axis)] = -stride(axis);
    int last = Math.max(0, shape.dim(axis) - 1);
    return new Layout(shape, flipped, offset + last * stride(axis));
  }

  /**
   * The windows that slide along an axis: it counts the windows, and a new last axis the elements
   * of a window. Windows overlap where the step is less than their size; only whole ones count.
   *
   * @param size elements of a window, from 1 to the axis's extent
   * @param step from a window to the next, at least 1
   * @throws IllegalArgumentException if not even one window fits
   */
  public Layout unfold(int axis, int size, int step) {
    int extent = shape.dim(axis);
    if (size < 1 || size > extent || step < 1) {
      throw new IllegalArgumentException(
          "no windows of %d elements, every %d, along axis %d of %s"
              .formatted(size, step, axis, shape));
    }
    int along = shape.axis(axis);
    int[] dims = Arrays.copyOf(shape.dims(), strides.length + 1);
    int[] unfolded = Arrays.copyOf(strides, strides.length + 1);
    dims[along] = (extent - size) / step + 1;
    unfolded[along] = strides[along] * step;
    dims[strides.length] = size;
    unfolded[strides.length] = strides[along];
    return new Layout(Shape.of(dims), unfolded, offset);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Layout that
        && offset == that.offset
        && shape.equals(that.shape)
        && Arrays.equals(steps(), that.steps());
  }

  @Override
  public int hashCode() {
    return 31 * (31 * shape.hashCode() + Arrays.hashCode(steps())) + offset;
  }

  /** The strides, 0 where there is nowhere to go. */
  private int[] steps() {
    int[] steps = strides.clone();
    for (int i = 0; i < steps.length; i++) {
      steps[i] = shape.dim(i) == 1 ? 0 : steps[i];
    }
    return steps;
  }

  @Override
  public String toString() {
    return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
  }
}
