package nn.backend;

import org.jspecify.annotations.Nullable;

/**
 * An array in a buffer, as a verb sees it.
 *
 * @param buffer the memory
 * @param layout where in the buffer the elements lie
 * @param rows if present, a gather: I32 of shape [layout.dim(0)]; coordinate i along axis 0 stands
 *     for {@code rows[i]}. Only inputs of elementwise and reduce gather, and rows do not themselves
 *     gather.
 * @param cursor if present, moves the operand from step to step
 */
public record Operand(
    Buffer buffer, Layout layout, @Nullable Operand rows, @Nullable Cursor cursor) {

  public Operand {
    if (rows == null && cursor == null && layout.end() > buffer.length()) {
      throw new IllegalArgumentException(
          "layout " + layout + " reaches beyond a buffer of " + buffer.length() + " elements");
    }
    if (rows != null) {
      checkRows(layout, rows);
    }
  }

  private static void checkRows(Layout layout, Operand rows) {
    boolean fits =
        layout.shape().rank() > 0 && rows.shape().equals(Shape.of(layout.shape().dim(0)));
    if (!fits || rows.type() != DType.I32 || rows.rows != null) {
      throw new IllegalArgumentException(
          "cannot gather "
              + layout.shape()
              + " by "
              + rows.type()
              + " rows of shape "
              + rows.shape());
    }
  }

  /** A whole view of a buffer. */
  public static Operand of(Buffer buffer, Layout layout) {
    return new Operand(buffer, layout, null, null);
  }

  /** The buffer's first elements, row-major. */
  public static Operand of(Buffer buffer, Shape shape) {
    return of(buffer, Layout.contiguous(shape, 0));
  }

  public DType type() {
    return buffer.type();
  }

  public Shape shape() {
    return layout.shape();
  }

  /** Whether addresses follow from the layout alone. */
  public boolean isPlain() {
    return rows == null && cursor == null;
  }

  /**
   * Whether an element of this may be one of another operand: whether the intervals meet that they
   * reach, which are whole buffers where addresses do not follow from the layout alone.
   */
  public boolean mayMeet(Operand that) {
    return buffer == that.buffer && begin() < that.end() && that.begin() < end();
  }

  private int begin() {
    return isPlain() ? layout.begin() : 0;
  }

  private int end() {
    return isPlain() ? layout.end() : buffer.length();
  }

  /** The same memory through another layout; gathers and cursors stay. */
  public Operand with(Layout other) {
    return new Operand(buffer, other, rows, cursor);
  }

  /**
   * The rows of this array that the indices name, in their order.
   *
   * @param indices I32 of shape [n], each within this array's extent along axis 0 (a backend may
   *     read wrong memory of this buffer, but no other, where one is not)
   */
  public Operand gather(Operand indices) {
    return new Operand(buffer, resized(layout, indices.shape().dim(0)), indices, cursor);
  }

  /** Moves with a counter. */
  public Operand movedBy(Cursor byCursor) {
    return new Operand(buffer, layout, rows, byCursor);
  }

  private static Layout resized(Layout layout, int extent) {
    return Layout.of(layout.shape().with(0, extent), layout.strides(), layout.offset());
  }

  /** Stretched to a larger shape. A gathered axis does not stretch and stays axis 0. */
  public Operand broadcastTo(Shape target) {
    if (layout.shape().equals(target)) {
      return this;
    }
    if (rows != null && target.rank() != layout.shape().rank()) {
      throw new IllegalArgumentException("a gathered operand cannot get new axes: " + layout);
    }
    return with(layout.broadcastTo(target));
  }
}
