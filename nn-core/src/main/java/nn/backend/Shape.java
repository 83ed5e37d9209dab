package nn.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The extents of an array along its axes, outermost first; rank 0 is one element. Fewer than 2^31
 * elements.
 */
public final class Shape {
  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    long product = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(dims));
      }
      product *= d;
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has more than 2^31 - 1 elements");
      }
    }
    this.dims = dims;
    this.size = (int) product;
  }

  /**
   * The shape with these extents.
   *
   * @throws IllegalArgumentException if one is negative or there are 2^31 elements or more
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /** The number of axes. */
  public int rank() {
    return dims.length;
  }

  /** The extent along an axis; a negative axis counts from the last. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** The axis meant by a number that may count from the last, -1 being the last. */
  public int axis(int axis) {
    int normal = axis < 0 ? axis + dims.length : axis;
    if (normal < 0 || normal >= dims.length) {
      throw new IllegalArgumentException("no axis " + axis + " in shape " + this);
    }
    return normal;
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** A copy of the extents. */
  public int[] dims() {
    return dims.clone();
  }

  /** This shape with another extent along one axis. */
  public Shape with(int axis, int extent) {
    int[] changed = dims.clone();
    changed[axis(axis)] = extent;
    return new Shape(changed);
  }

  /** This shape with extent 1 along the given axes: that of a reduction's result. */
  public Shape reduced(int... axes) {
    int[] changed = dims.clone();
    for (int axis : axes) {
      changed[axis(axis)] = 1;
    }
    return new Shape(changed);
  }

  /**
   * The common shape of two operands: axes are aligned at the last, and an extent of 1 stretches.
   *
   * @throws IllegalArgumentException if the shapes do not agree
   */
  public Shape broadcast(Shape that) {
    int rank = Math.max(rank(), that.rank());
    int[] common = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int a = i <= rank() ? dims[rank() - i] : 1;
      int b = i <= that.rank() ? that.dims[that.rank() - i] : 1;
      if (a != b && a != 1 && b != 1) {
        throw new IllegalArgumentException("shapes " + this + " and " + that + " do not broadcast");
      }
      common[rank - i] = a == 1 ? b : a;
    }
    return new Shape(common);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Shape that && Arrays.equals(dims, that.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
