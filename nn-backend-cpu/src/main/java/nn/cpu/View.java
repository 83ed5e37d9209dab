package nn.cpu;

import java.util.Arrays;
import java.util.List;
import nn.backend.Cursor;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import org.jspecify.annotations.Nullable;

/**
 * An operand of a kernel: memory with a stride for each axis of the iteration space. Without memory
 * the value of an element is its own address, which is how indices and positions are numbered.
 *
 * @param buffer the memory, or none
 * @param offset the address of the first element
 * @param strides one for each axis
 * @param rows for a gather the numbers that stand for the coordinates of axis 0
 * @param cursor moves the operand from step to step
 */
record View(
    @Nullable CpuBuffer buffer,
    int offset,
    List<Integer> strides,
    @Nullable View rows,
    @Nullable Cursor cursor) {

  /** The view of an operand; it must be of this backend. */
  static View of(Operand operand) {
    CpuBuffer buffer = CpuBuffer.of(operand.buffer());
    Layout layout = operand.layout();
    int[] strides = layout.strides();
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = layout.shape().dim(axis) == 1 ? 0 : strides[axis];
    }
    Operand rows = operand.rows();
    if (rows != null) {
      strides[0] = layout.stride(0);
    }
    View gather = rows == null ? null : of(rows);
    return new View(buffer, layout.offset(), list(strides), gather, operand.cursor());
  }

  /** Each element's coordinate along an axis. */
  static View index(Shape shape, int axis) {
    int[] strides = new int[shape.rank()];
    strides[axis] = shape.dim(axis) == 1 ? 0 : 1;
    return new View(null, 0, list(strides), null, null);
  }

  /** Each element's row-major number within the given axes. */
  static View number(Shape shape, int... axes) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int i = axes.length - 1; i >= 0; i--) {
      int extent = shape.dim(axes[i]);
      strides[axes[i]] = extent == 1 ? 0 : stride;
      stride *= extent;
    }
    return new View(null, 0, list(strides), null, null);
  }

  private static List<Integer> list(int[] strides) {
    return Arrays.stream(strides).boxed().toList();
  }
}
