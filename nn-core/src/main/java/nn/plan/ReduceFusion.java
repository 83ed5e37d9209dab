package nn.plan;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.SparseGemm;
import nn.backend.SparseGemm.Direction;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a reduction joins it: elementwise work that only the reduction reads becomes its
 * map, and a copy of its result becomes its result, as does one of what a sparse product gathers.
 */
final class ReduceFusion implements Fusion {
  /** Inputs and outputs of one reduction. */
  static final int MAX_OPERANDS = 12;

  /** Operations for one element. */
  static final int MAX_OPERATIONS = 128;

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    if (first.command() instanceof Elementwise e && second.command() instanceof Reduce r) {
      return map(graph, first, e, second, r);
    }
    if (first.command() instanceof Reduce r && second.command() instanceof Elementwise e) {
      return copied(graph, first, r, second, e);
    }
    if (first.command() instanceof SparseGemm s && second.command() instanceof Elementwise e) {
      return copied(graph, first, s, second, e);
    }
    return null;
  }

  private static @Nullable Command map(
      Graph graph, Graph.Node first, Elementwise e, Graph.Node second, Reduce r) {
    boolean needed = e.outputs().stream().anyMatch(out -> graph.isNeeded(first, out, second));
    Elementwise over = needed ? null : Reshape.of(e, r.shape());
    Body body = over == null ? null : Body.of(over).then(Body.of(r), out -> false);
    return body == null ? null : limited(body.reduce(r.shape(), r.combiners(), r.axes()));
  }

  static @Nullable Reduce limited(Reduce r) {
    boolean small =
        r.inputs().size() + r.outputs().size() <= MAX_OPERANDS
            && r.program().operationCount() <= MAX_OPERATIONS;
    return small ? r : null;
  }

  private static @Nullable Command copied(
      Graph graph, Graph.Node first, Reduce r, Graph.Node second, Elementwise e) {
    for (int i = 0; i < r.outputs().size(); i++) {
      Operand target = target(graph, first, r.outputs().get(i), second, e);
      if (target != null) {
        List<Operand> outputs = new ArrayList<>(r.outputs());
        outputs.set(i, target);
        return new Reduce(r.shape(), r.program(), r.combiners(), r.axes(), r.inputs(), outputs);
      }
    }
    return null;
  }

  private static @Nullable Command copied(
      Graph graph, Graph.Node first, SparseGemm s, Graph.Node second, Elementwise e) {
    Operand target =
        s.direction() == Direction.GATHER ? target(graph, first, s.matrix(), second, e) : null;
    return target != null && target.isPlain() && target.layout().isContiguous()
        ? new SparseGemm(s.direction(), s.images(), s.view(), s.values(), s.choices(), target)
        : null;
  }

  /** Where a result is copied to that nothing else needs; null if that is not all that is done. */
  private static @Nullable Operand target(
      Graph graph, Graph.Node first, Operand result, Graph.Node second, Elementwise e) {
    if (!isCopy(e) || !result.equals(Reshape.of(e.inputs().getFirst(), result.shape()))) {
      return null;
    }
    Operand target = Reshape.of(e.outputs().getFirst(), result.shape());
    boolean replaces = target != null && result.type() == target.type();
    return replaces && !graph.isNeeded(first, result, second) ? target : null;
  }

  private static boolean isCopy(Elementwise e) {
    return e.inputs().size() == 1
        && e.outputs().size() == 1
        && e.program().steps().size() == 1
        && e.program().inputCount() == 1;
  }
}
