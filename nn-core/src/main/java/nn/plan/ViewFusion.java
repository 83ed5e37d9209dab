package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.expr.Expr;
import nn.expr.Program;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise work whose result is read through views, each element at most once, as pooling reads
 * the pixels of its windows: the reader computes it. So a bias goes with the pass that pools rather
 * than with the product before it, whose sums are then stored as they are.
 */
final class ViewFusion implements Fusion {

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    boolean fits =
        first.command() instanceof Elementwise a
            && second.command() instanceof Elementwise b
            && a.outputs().size() == 1
            && isPure(a)
            && readsViews(b, a.outputs().getFirst())
            && !graph.isNeeded(first, a.outputs().getFirst(), second);
    return fits ? joined((Elementwise) first.command(), (Elementwise) second.command()) : null;
  }

  /** Whether values depend on plain operands alone, and may stay in registers. */
  private static boolean isPure(Elementwise a) {
    Operand result = a.outputs().getFirst();
    return result.isPlain()
        && result.layout().isContiguous()
        && result.type().type() == Type.FLOAT
        && result.type().bytes() >= Float.BYTES
        && a.inputs().stream().allMatch(Operand::isPlain)
        && a.program().steps().stream()
            .noneMatch(step ->
                step instanceof Program.Leaf(Expr leaf)
                    && (leaf instanceof Expr.Index || leaf instanceof Expr.Position));
  }

  /** Whether all that is read of the result is read through views of it, and at most once. */
  private static boolean readsViews(Elementwise b, Operand result) {
    Region written = Region.of(result);
    long read = 0;
    for (Operand input : b.inputs()) {
      boolean touches = Accesses.reads(input).stream().anyMatch(written::overlaps);
      if (touches && !(input.isPlain() && written.contains(Region.of(input)))) {
        return false;
      }
      read += touches ? input.shape().size() : 0;
    }
    return read > 0 && read <= result.shape().size() && !b.inputs().contains(result);
  }

  private static @Nullable Command joined(Elementwise a, Elementwise b) {
    Region written = Region.of(a.outputs().getFirst());
    List<Operand> inputs = new ArrayList<>(b.inputs());
    Map<Integer, Expr> computed = new HashMap<>();
    for (int i = 0; i < b.inputs().size(); i++) {
      if (Region.of(b.inputs().get(i)).overlaps(written)) {
        Expr value = seen(a, b.inputs().get(i), inputs);
        if (value == null) {
          return null;
        }
        computed.put(i, value);
      }
    }
    List<Expr> expressions =
        b.program().expressions().stream()
            .map(e ->
                e.replace(part -> part instanceof Expr.Input in ? computed.get(in.index()) : null))
            .toList();
    Elementwise joined = new Body(0, expressions, inputs, b.outputs()).elementwise(b.shape());
    boolean small =
        joined.inputs().size() + joined.outputs().size() <= ElementwiseFusion.MAX_OPERANDS
            && joined.program().operationCount() <= ElementwiseFusion.MAX_OPERATIONS;
    return small ? joined : null;
  }

  /**
   * What a view of the result shows, as an expression of views of its inputs.
   *
   * @param inputs to which the views are added
   */
  private static @Nullable Expr seen(Elementwise a, Operand view, List<Operand> inputs) {
    int[] numbers = new int[a.inputs().size()];
    for (int i = 0; i < numbers.length; i++) {
      Operand input = a.inputs().get(i);
      Layout layout = through(view.layout(), a.outputs().getFirst().layout(), input.layout());
      if (layout == null) {
        return null;
      }
      Operand seen = input.with(layout);
      if (!inputs.contains(seen)) {
        inputs.add(seen);
      }
      numbers[i] = inputs.indexOf(seen);
    }
    return a.program()
        .expressions()
        .getFirst()
        .replace(part ->
            part instanceof Expr.Input(int index, Type type)
                ? new Expr.Input(numbers[index], type)
                : null);
  }

  /**
   * The elements of another array that stand where a view's elements stand in a dense array of the
   * same shape; null where that is no layout.
   */
  static @Nullable Layout through(Layout view, Layout dense, Layout other) {
    int rank = dense.shape().rank();
    int[] place = new int[rank];
    int[] farthest = new int[rank];
    int at = view.offset() - dense.offset();
    for (int axis = 0; axis < rank; axis++) {
      int stride = Math.max(1, dense.stride(axis));
      boolean moves = dense.shape().dim(axis) > 1;
      place[axis] = moves ? at / stride : 0;
      farthest[axis] = place[axis];
      at -= place[axis] * stride;
    }
    int offset = other.offset();
    int[] strides = new int[view.shape().rank()];
    for (int axis = 0; axis < rank; axis++) {
      offset += place[axis] * other.stride(axis);
    }
    for (int i = 0; i < strides.length; i++) {
      int extent = view.shape().dim(i);
      int along = extent > 1 ? axisOf(view.stride(i), dense) : -1;
      if (extent > 1 && along < 0) {
        return null;
      }
      if (along >= 0) {
        int step = view.stride(i) / dense.stride(along);
        farthest[along] += step * (extent - 1);
        strides[i] = step * other.stride(along);
      }
    }
    for (int axis = 0; axis < rank; axis++) {
      if (farthest[axis] >= dense.shape().dim(axis)) {
        return null; // it goes on in the next row
      }
    }
    return at == 0 ? Layout.of(view.shape(), strides, offset) : null;
  }

  /** The longest axis of whose steps this is a whole number; -1 if there is none. */
  private static int axisOf(int stride, Layout dense) {
    for (int axis = 0; stride > 0 && axis < dense.shape().rank(); axis++) {
      if (dense.shape().dim(axis) > 1 && stride % dense.stride(axis) == 0) {
        return axis;
      }
    }
    return -1;
  }
}
