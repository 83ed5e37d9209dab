package nn.plan;

import nn.backend.Command;
import nn.backend.Elementwise;
import org.jspecify.annotations.Nullable;

/**
 * An elementwise command that reads another's results element by element joins it: the values pass
 * in registers, and are stored only if something else reads them.
 */
final class ElementwiseFusion implements Fusion {
  /** Inputs and outputs of one pass: each is a stream of memory. */
  static final int MAX_OPERANDS = 16;

  /** Operations for one element, within what compilers take in one loop. */
  static final int MAX_OPERATIONS = 128;

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    if (!(first.command() instanceof Elementwise a && second.command() instanceof Elementwise b)) {
      return null;
    }
    Elementwise later = Reshape.of(b, a.shape());
    if (later != null && reads(later, a)) {
      return join(graph, first, a, second, later);
    }
    Elementwise earlier = Reshape.of(a, b.shape());
    return earlier != null && reads(b, earlier) ? join(graph, first, earlier, second, b) : null;
  }

  private static boolean reads(Elementwise consumer, Elementwise producer) {
    return consumer.inputs().stream().anyMatch(producer.outputs()::contains);
  }

  /** One pass that does both, if it is not too large. */
  static @Nullable Elementwise join(
      Graph graph, Graph.Node first, Elementwise a, Graph.Node second, Elementwise b) {
    Body body = Body.of(a).then(Body.of(b), out -> graph.isNeeded(first, out, second));
    if (body == null) {
      return null;
    }
    Elementwise joined = body.elementwise(a.shape());
    boolean small =
        joined.inputs().size() + joined.outputs().size() <= MAX_OPERANDS
            && joined.program().operationCount() <= MAX_OPERATIONS;
    return small ? joined : null;
  }
}
