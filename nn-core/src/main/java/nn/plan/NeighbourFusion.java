package nn.plan;

import java.util.List;
import nn.backend.Command;
import nn.backend.Elementwise;
import org.jspecify.annotations.Nullable;

/**
 * Two elementwise commands over one shape become one pass if both read some operand, or if they are
 * so small that starting them costs more than running them.
 */
final class NeighbourFusion implements Fusion {
  /** Up to so many elements a pass counts as small. */
  static final int SMALL = 16_384;

  @Override
  public List<Graph.Node> partners(Graph graph, Graph.Node node) {
    return node.command() instanceof Elementwise e
        ? Fusion.earlier(
            graph, node, c -> c instanceof Elementwise o && o.shape().equals(e.shape()))
        : List.of();
  }

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    boolean worthwhile =
        first.command() instanceof Elementwise a
            && second.command() instanceof Elementwise b
            && (a.shape().size() <= SMALL || a.inputs().stream().anyMatch(b.inputs()::contains));
    return worthwhile
        ? ElementwiseFusion.join(
            graph, first, (Elementwise) first.command(), second, (Elementwise) second.command())
        : null;
  }
}
