package nn.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import nn.backend.Command;
import org.jspecify.annotations.Nullable;

/** A rule by which two commands become one, and its use on a list. */
interface Fusion {
  /**
   * How many commands that are alike are looked at: enough for a layer's, whatever lies between.
   */
  int MOST_ALIKE = 16;

  /**
   * One command that does the work of two.
   *
   * @param graph what else depends on them
   * @param first runs before the second
   * @return null if the rule does not apply
   */
  @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second);

  /**
   * The earlier commands that may be fused with this one, best first: by default those it depends
   * on.
   */
  default List<Graph.Node> partners(Graph graph, Graph.Node node) {
    List<Graph.Node> partners = new ArrayList<>(node.before());
    partners.sort(Comparator.comparingInt(Graph.Node::position).reversed());
    return partners;
  }

  /** The latest commands before this one that are like it in some way, latest first. */
  static List<Graph.Node> earlier(Graph graph, Graph.Node node, Predicate<Command> alike) {
    List<Graph.Node> found = new ArrayList<>();
    for (int i = node.position() - 1; i >= 0 && found.size() < MOST_ALIKE; i--) {
      if (alike.test(graph.node(i).command())) {
        found.add(graph.node(i));
      }
    }
    return found;
  }

  /** Fuses until the rule applies nowhere. */
  default List<Command> apply(List<Command> commands) {
    Graph graph = new Graph(commands);
    int position = 0;
    while (position < graph.size()) {
      Graph.Node fused = fuseWithPartner(graph, graph.node(position));
      position = fused == null ? position + 1 : fused.position();
    }
    return graph.commands();
  }

  private Graph.@Nullable Node fuseWithPartner(Graph graph, Graph.Node node) {
    for (Graph.Node partner : partners(graph, node)) {
      Command fused = fuse(graph, partner, node);
      if (fused != null && Sharing.isAllowed(fused) && graph.areJoinable(partner, node)) {
        return graph.join(partner, node, fused);
      }
    }
    return null;
  }
}
