package nn.plan;

import java.util.List;
import java.util.stream.Stream;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Reduce;
import org.jspecify.annotations.Nullable;

/**
 * Two reductions over the same axes of one shape become one: if both read some operand, which is
 * then read once, or if they are so small that starting them costs more than running them.
 */
final class ReducePairs implements Fusion {
  /** Results of one pass: each is an accumulator for every lane. */
  static final int MAX_OUTPUTS = 4;

  @Override
  public List<Graph.Node> partners(Graph graph, Graph.Node node) {
    return node.command() instanceof Reduce r
        ? Fusion.earlier(graph, node, c -> c instanceof Reduce o && isOverSame(o, r))
        : List.of();
  }

  private static boolean isOverSame(Reduce a, Reduce b) {
    return a.shape().equals(b.shape()) && a.axes().equals(b.axes());
  }

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    if (!(first.command() instanceof Reduce a && second.command() instanceof Reduce b)) {
      return null;
    }
    boolean together =
        isOverSame(a, b)
            && (a.shape().size() <= NeighbourFusion.SMALL
                || a.inputs().stream().anyMatch(b.inputs()::contains))
            && a.outputs().size() + b.outputs().size() <= MAX_OUTPUTS
            && !first.accesses().conflictsWith(second.accesses());
    Body body = together ? Body.of(a).then(Body.of(b), out -> true) : null;
    if (body == null) {
      return null;
    }
    List<Combiner> combiners =
        Stream.concat(a.combiners().stream(), b.combiners().stream()).toList();
    return ReduceFusion.limited(body.reduce(a.shape(), combiners, a.axes()));
  }
}
