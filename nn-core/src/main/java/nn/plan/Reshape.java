package nn.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise commands over another iteration space with as many elements in the same row-major
 * order, as a flat copy of a matrix is one over the matrix. Null where strides cannot say that.
 */
final class Reshape {
  private Reshape() {}

  static @Nullable Elementwise of(Elementwise e, Shape target) {
    if (e.shape().equals(target)) {
      return e;
    }
    if (e.shape().size() != target.size() || target.size() == 0) {
      return null;
    }
    Body body = indices(Body.of(e), e, target);
    if (body == null || !reshapes(e, target)) {
      return null;
    }
    return new Body(
            0,
            body.expressions(),
            e.inputs().stream().map(in -> reshaped(in, target)).toList(),
            e.outputs().stream().map(out -> reshaped(out, target)).toList())
        .elementwise(target);
  }

  private static boolean reshapes(Elementwise e, Shape target) {
    return e.inputs().stream().allMatch(in -> of(in, target) != null)
        && e.outputs().stream().allMatch(out -> of(out, target) != null);
  }

  private static Operand reshaped(Operand operand, Shape target) {
    Operand reshaped = of(operand, target);
    if (reshaped == null) {
      throw new IllegalStateException("cannot read " + operand.layout() + " as " + target);
    }
    return reshaped;
  }

  /**
   * The expressions with coordinates of the other space; null if they are not coordinates of it.
   */
  private static @Nullable Body indices(Body body, Elementwise e, Shape target) {
    boolean reads =
        e.program().steps().stream()
            .anyMatch(step -> step instanceof Program.Leaf(Expr.Index index));
    if (!reads) {
      return body;
    }
    int[] from = longAxes(e.shape());
    int[] to = longAxes(target);
    boolean same =
        Arrays.equals(
            IntStream.of(from).map(e.shape()::dim).toArray(),
            IntStream.of(to).map(target::dim).toArray());
    if (!same) {
      return null;
    }
    return new Body(
        0,
        body.expressions().stream()
            .map(x -> x.replace(part -> part instanceof Expr.Index i ? axis(i, from, to) : null))
            .toList(),
        body.inputs(),
        body.outputs());
  }

  private static int[] longAxes(Shape shape) {
    return IntStream.range(0, shape.rank()).filter(axis -> shape.dim(axis) > 1).toArray();
  }

  private static Expr axis(Expr.Index index, int[] from, int[] to) {
    int i = Arrays.binarySearch(from, index.axis());
    return i < 0 ? Expr.integer(0) : Expr.index(to[i]);
  }

  static @Nullable Operand of(Operand operand, Shape target) {
    if (operand.rows() == null) {
      Layout layout = of(operand.layout(), target);
      return layout == null ? null : operand.with(layout);
    }
    Layout layout = behindFirstAxis(operand.layout(), target);
    return layout == null ? null : operand.with(layout);
  }

  /** A gathered axis stays what it is. */
  private static @Nullable Layout behindFirstAxis(Layout layout, Shape target) {
    Shape shape = layout.shape();
    if (target.rank() == 0 || target.dim(0) != shape.dim(0)) {
      return null;
    }
    int[] strides = layout.strides();
    Layout row =
        Layout.of(tail(shape), Arrays.copyOfRange(strides, 1, strides.length), layout.offset());
    Layout reshaped = of(row, tail(target));
    if (reshaped == null) {
      return null;
    }
    int[] all = new int[target.rank()];
    all[0] = strides[0];
    System.arraycopy(reshaped.strides(), 0, all, 1, all.length - 1);
    return Layout.of(target, all, layout.offset());
  }

  private static Shape tail(Shape shape) {
    return Shape.of(Arrays.copyOfRange(shape.dims(), 1, shape.rank()));
  }

  /** An axis, or several that are walked as one. */
  private record Block(int extent, int stride) {}

  static @Nullable Layout of(Layout layout, Shape target) {
    if (layout.shape().equals(target)) {
      return layout;
    }
    if (layout.shape().size() != target.size() || target.size() == 0) {
      return null;
    }
    Iterator<Block> blocks = blocks(layout).iterator();
    Block block = new Block(1, 0);
    int used = 1;
    int[] strides = new int[target.rank()];
    for (int axis = target.rank() - 1; axis >= 0; axis--) {
      int extent = target.dim(axis);
      if (extent > 1 && used == block.extent) {
        block = blocks.next();
        used = 1;
      }
      if (block.extent / used % extent != 0) {
        return null;
      }
      strides[axis] = block.stride * used;
      used *= extent;
    }
    return Layout.of(target, strides, layout.offset());
  }

  /** The fewest axes that reach the same elements, innermost first. */
  private static List<Block> blocks(Layout layout) {
    List<Block> blocks = new ArrayList<>();
    for (int axis = layout.shape().rank() - 1; axis >= 0; axis--) {
      int extent = layout.shape().dim(axis);
      int stride = layout.stride(axis);
      Block inner = blocks.isEmpty() ? null : blocks.getLast();
      if (inner != null && stride == inner.stride * inner.extent && extent > 1) {
        blocks.set(blocks.size() - 1, new Block(inner.extent * extent, inner.stride));
      } else if (extent > 1) {
        blocks.add(new Block(extent, stride));
      }
    }
    return blocks;
  }
}
