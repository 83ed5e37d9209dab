package nn.plan;

import java.util.Objects;
import java.util.stream.Stream;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise work on a product becomes part of the gemm's epilogue, which then stores what the
 * work gives, and the product itself only if something else reads it. Work that prepares a further
 * operand of the epilogue, and that nothing else needs, goes there too.
 */
final class GemmEpilogue implements Fusion {
  /** Operands beside a and b, results included: each is an address to keep for every tile. */
  static final int MAX_OPERANDS = 8;

  /** Operations for one element. */
  static final int MAX_OPERATIONS = 64;

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    if (first.command() instanceof Gemm g && second.command() instanceof Elementwise e) {
      return after(graph, first, g, second, e);
    }
    if (first.command() instanceof Elementwise e && second.command() instanceof Gemm g) {
      return ahead(graph, first, e, second, g);
    }
    return null;
  }

  private static @Nullable Command after(
      Graph graph, Graph.Node first, Gemm g, Graph.Node second, Elementwise e) {
    Elementwise over = Reshape.of(e, g.shape());
    if (over == null || over.inputs().stream().noneMatch(g.outputs()::contains)) {
      return null;
    }
    Body body = Body.of(g).then(Body.of(over), out -> graph.isNeeded(first, out, second));
    return body == null ? null : limited(body, g);
  }

  private static @Nullable Command ahead(
      Graph graph, Graph.Node first, Elementwise e, Graph.Node second, Gemm g) {
    boolean needed = e.outputs().stream().anyMatch(out -> graph.isNeeded(first, out, second));
    Elementwise over = needed ? null : Reshape.of(e, g.shape());
    if (over == null || readsAny(g.a(), over) || readsAny(g.b(), over)) {
      return null;
    }
    Body body = Body.of(over).withBase(1).then(Body.of(g), out -> false);
    return body == null ? null : limited(body, g);
  }

  private static boolean readsAny(Operand factor, Elementwise e) {
    return e.outputs().stream().map(Region::of).anyMatch(Region.of(factor)::overlaps);
  }

  private static @Nullable Command limited(Body body, Gemm g) {
    boolean gathers = body.inputs().stream().map(Operand::rows).anyMatch(Objects::nonNull);
    if (gathers) {
      return null;
    }
    Gemm joined = body.gemm(g.a(), g.b());
    long operands = Stream.concat(joined.extras().stream(), joined.outputs().stream()).count();
    boolean small =
        operands <= MAX_OPERANDS && joined.epilogue().operationCount() <= MAX_OPERATIONS;
    return small ? joined : null;
  }
}
