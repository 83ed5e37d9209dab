package nn.cpu;

import java.util.Arrays;
import java.util.List;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import org.jspecify.annotations.Nullable;

/**
 * An operand of a kernel: memory with a stride for each axis of the iteration space. Without memory
 * the value of an element is its own address, which is how indices and positions are numbered.
 *
 * @param buffer the memory, or none
 * @param place of the first element; of a gather, in row 0
 * @param strides one for each axis
 * @param rows for a gather the numbers that stand for the coordinates of axis 0
 */
record View(
    @Nullable CpuBuffer buffer, Place place, List<Integer> strides, @Nullable RowNumbers rows) {

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
    RowNumbers numbers = rows == null ? null : RowNumbers.of(rows);
    return new View(buffer, Place.of(operand), list(strides), numbers);
  }

  /** Each element's coordinate along an axis. */
  static View index(Shape shape, int axis) {
    int[] strides = new int[shape.rank()];
    strides[axis] = shape.dim(axis) == 1 ? 0 : 1;
    return new View(null, Place.at(0), list(strides), null);
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
    return new View(null, Place.at(0), list(strides), null);
  }

  /**
   * How far another view's first element lies behind this one's, whatever cursors say, if both are
   * parts of the same elements, such as every other pixel; else -1.
   */
  int distanceTo(View that) {
    boolean together = buffer != null && buffer == that.buffer && rows == null && that.rows == null;
    return together ? place.distanceTo(that.place) : -1;
  }

  /** Memory for the moment, of which the axes are known elsewhere. */
  static View scratch(CpuBuffer buffer) {
    return new View(buffer, Place.at(buffer.first()), List.of(), null);
  }

  private static List<Integer> list(int[] strides) {
    return Arrays.stream(strides).boxed().toList();
  }
}
