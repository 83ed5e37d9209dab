package nn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Commands that pass values along rows become one chain: reductions over the last axis of [..., n],
 * and elementwise work over [..., n] or over the reductions' results, [..., 1]. Softmax with its
 * loss and gradient is one.
 */
final class RowChains implements Fusion {
  /** The longest row; several of that length fit a first-level cache. */
  static final int MAX_ROW = 4096;

  /** Commands of one chain. */
  static final int MAX_STAGES = 16;

  /** Operands of one chain, those within it included. */
  static final int MAX_OPERANDS = 48;

  @Override
  public List<Command> apply(List<Command> commands) {
    return withInternal(Fusion.super.apply(commands));
  }

  /** The same commands; chains say which of their results nothing else reads. */
  static List<Command> withInternal(List<Command> commands) {
    Graph graph = new Graph(commands);
    List<Command> chains = new ArrayList<>();
    for (int i = 0; i < graph.size(); i++) {
      Graph.Node node = graph.node(i);
      chains.add(
          node.command() instanceof Chain chain
              ? chain.with(chain.stages(), internal(graph, node))
              : node.command());
    }
    return chains;
  }

  private static List<Operand> internal(Graph graph, Graph.Node node) {
    return Accesses.results(node.command()).stream()
        .filter(out -> !graph.isNeeded(node, out, node))
        .toList();
  }

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    Shape shape = chainShape(first.command());
    shape = shape == null ? chainShape(second.command()) : shape;
    if (shape == null) {
      return null;
    }
    List<Command> earlier = stages(first.command(), shape);
    List<Command> later = stages(second.command(), shape);
    boolean fits =
        !earlier.isEmpty()
            && !later.isEmpty()
            && passesValues(earlier, later)
            && earlier.size() + later.size() <= MAX_STAGES
            && operands(earlier) + operands(later) <= MAX_OPERANDS;
    return fits
        ? new Rows(shape, Stream.concat(earlier.stream(), later.stream()).toList(), List.of())
        : null;
  }

  /**
   * The iteration space of a chain that this command can be in; null if that does not follow from
   * it.
   */
  private static @Nullable Shape chainShape(Command command) {
    Shape shape =
        switch (command) {
          case Rows rows -> rows.shape();
          case Reduce r when r.axes().equals(List.of(r.shape().rank() - 1)) -> r.shape();
          default -> null;
        };
    boolean rightSize =
        shape != null && shape.size() > 0 && shape.dim(-1) > 1 && shape.dim(-1) <= MAX_ROW;
    return rightSize ? shape : null;
  }

  /** The command as stages of a chain over the shape; none if it cannot be. */
  private static List<Command> stages(Command command, Shape shape) {
    return switch (command) {
      case Rows rows when rows.shape().equals(shape) -> rows.stages();
      case Reduce r when shape.equals(chainShape(r)) -> List.of(r);
      case Elementwise e -> {
        Elementwise stage = Reshape.of(e, shape);
        stage = stage == null ? Reshape.of(e, shape.reduced(-1)) : stage;
        yield stage == null ? List.of() : List.of(stage);
      }
      default -> List.of();
    };
  }

  private static boolean passesValues(List<Command> earlier, List<Command> later) {
    return earlier.stream()
        .flatMap(stage -> stage.outputs().stream())
        .anyMatch(out ->
            later.stream()
                .flatMap(stage -> stage.inputs().stream())
                .anyMatch(in -> Rows.same(out, in)));
  }

  private static int operands(List<Command> stages) {
    return stages.stream().mapToInt(s -> s.inputs().size() + s.outputs().size()).sum();
  }
}
