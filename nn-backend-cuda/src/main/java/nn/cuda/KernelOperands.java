package nn.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nn.backend.Cursor;
import nn.cuda.codegen.Access;
import nn.cuda.codegen.Access.Along;
import nn.cuda.codegen.Access.Gather;
import nn.cuda.driver.Arguments;
import nn.cuda.memory.CudaBuffer;

/**
 * The views of a kernel over the axes of its space.
 *
 * @param axes have strides for each of the views; the last is the one that threads walk along
 */
record KernelOperands(List<View> views, List<Axis> axes) {
  private static final int WIDTH = 4;

  /** Each with a stride for every axis. */
  List<Access> strided() {
    List<Access> accesses = new ArrayList<>();
    for (int k = 0; k < views.size(); k++) {
      accesses.add(access(k, isFixed(k) ? Along.FIXED : Along.STRIDED));
    }
    return accesses;
  }

  /** For a kernel in which rows have a meaning. */
  List<Access> byRows() {
    List<Access> accesses = new ArrayList<>();
    for (int k = 0; k < views.size(); k++) {
      accesses.add(access(k, lastStride(k) == 0 ? Along.UNIFORM : Along.STRIDED));
    }
    return accesses;
  }

  /** For a kernel that takes four elements of a row at once. */
  List<Access> inFours() {
    List<Access> accesses = new ArrayList<>();
    for (int k = 0; k < views.size(); k++) {
      boolean memory = views.get(k).buffer() != null;
      Along moving = memory ? Along.VECTOR : Along.STRIDED;
      accesses.add(
          access(k, isFixed(k) ? Along.FIXED : lastStride(k) == 0 ? Along.UNIFORM : moving));
    }
    return accesses;
  }

  /** Whether all that changes along a row can be read in fours. */
  boolean fitFours() {
    for (int k = 0; k < views.size(); k++) {
      if (views.get(k).buffer() != null && lastStride(k) != 0 && !isAligned(k)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAligned(int k) {
    View view = views.get(k);
    Cursor cursor = view.cursor();
    int unit = WIDTH * Objects.requireNonNull(view.buffer()).type().bytes();
    return lastStride(k) == 1
        && view.address() % unit == 0
        && (cursor == null || cursor.stride() % WIDTH == 0)
        && axes.subList(0, axes.size() - 1).stream().allMatch(a -> a.strides().get(k) % WIDTH == 0);
  }

  private int lastStride(int k) {
    return axes.getLast().strides().get(k);
  }

  private boolean isFixed(int k) {
    return views.get(k).rows() == null
        && axes.stream().allMatch(axis -> axis.strides().get(k) == 0);
  }

  private Access access(int k, Along along) {
    View view = views.get(k);
    View rows = view.rows();
    CudaBuffer buffer = view.buffer();
    Gather gather =
        rows == null
            ? Gather.NONE
            : rows.cursor() == null ? Gather.LOOKED_UP : Gather.LOOKED_UP_MOVED;
    return new Access(buffer == null ? null : buffer.type(), along, view.cursor() != null, gather);
  }

  /** Passes an operand, in the order of {@link Access}'s parameters. */
  void pass(int k, Access access, Arguments.Builder arguments) {
    View view = views.get(k);
    if (view.buffer() != null) {
      arguments.address(view.address());
    }
    for (int axis = 0; axis < axes.size(); axis++) {
      if (access.strides(axis, axes.size())) {
        arguments.integer(axes.get(axis).strides().get(k));
      }
    }
    passCursor(view, arguments);
    View rows = view.rows();
    if (rows != null) {
      arguments.address(rows.address()).integer(rows.strides().getFirst());
      passCursor(rows, arguments);
    }
  }

  private static void passCursor(View view, Arguments.Builder arguments) {
    Cursor cursor = view.cursor();
    if (cursor != null) {
      CudaBuffer counter = (CudaBuffer) cursor.counter();
      arguments.address(counter.address()).integer(cursor.stride());
    }
  }

  /** Passes extents as {@link nn.cuda.codegen.Coordinates} wants them: each but the first. */
  static void passExtents(List<Integer> extents, Arguments.Builder arguments) {
    for (int extent : extents.subList(1, extents.size())) {
      passDivisor(extent, arguments);
    }
  }

  /**
   * A divisor d (1 for an extent of 0, by which nothing is divided), a factor m and a shift s such
   * that n / d = (n m) >> (32 + s) for n below 2^31 (Granlund and Montgomery, "Division by
   * Invariant Integers using Multiplication", 1994).
   */
  private static void passDivisor(int divisor, Arguments.Builder arguments) {
    int log = divisor <= 1 ? 1 : 32 - Integer.numberOfLeadingZeros(divisor - 1);
    long factor = divisor <= 1 ? 0 : Math.ceilDiv(1L << 31 + log, (long) divisor);
    arguments.integer(Math.max(1, divisor)).integer((int) factor).integer(log - 1);
  }
}
