package nn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise commands that do the same to ranges of memory that follow one another become one over
 * the union, as an optimizer's updates of weights and of biases that are stored behind them.
 */
final class AdjacentRanges implements Fusion {
  @Override
  public List<Graph.Node> partners(Graph graph, Graph.Node node) {
    return node.command() instanceof Elementwise e
        ? Fusion.earlier(
            graph, node, c -> c instanceof Elementwise o && o.program().equals(e.program()))
        : List.of();
  }

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    if (!(first.command() instanceof Elementwise a && second.command() instanceof Elementwise b)) {
      return null;
    }
    boolean alike =
        a.inputs().size() == b.inputs().size()
            && !dependsOnPlace(a.program())
            && !first.accesses().conflictsWith(second.accesses());
    if (!alike) {
      return null;
    }
    Elementwise ascending = union(a, b);
    return ascending != null ? ascending : union(b, a);
  }

  private static boolean dependsOnPlace(Program program) {
    return program.steps().stream()
        .anyMatch(step ->
            step instanceof Program.Leaf(Expr leaf)
                && (leaf instanceof Expr.Index || leaf instanceof Expr.Position));
  }

  private static @Nullable Elementwise union(Elementwise low, Elementwise high) {
    List<Operand> inputs = union(low.inputs(), high.inputs());
    List<Operand> outputs = union(low.outputs(), high.outputs());
    if (inputs.size() < low.inputs().size() || outputs.size() < low.outputs().size()) {
      return null;
    }
    Shape shape = Shape.of(low.shape().size() + high.shape().size());
    return new Elementwise(shape, low.program(), inputs, outputs);
  }

  /** The operands as one each; fewer if some do not follow one another. */
  private static List<Operand> union(List<Operand> low, List<Operand> high) {
    List<Operand> united = new ArrayList<>();
    for (int i = 0; i < low.size(); i++) {
      Operand both = union(flat(low.get(i)), flat(high.get(i)));
      if (both == null) {
        return united;
      }
      united.add(both);
    }
    return united;
  }

  private static @Nullable Operand flat(Operand operand) {
    return operand.rows() == null ? Reshape.of(operand, Shape.of(operand.shape().size())) : null;
  }

  private static @Nullable Operand union(@Nullable Operand low, @Nullable Operand high) {
    if (low == null || high == null || low.shape().size() < 2 || high.shape().size() < 2) {
      return null;
    }
    Layout layout = low.layout();
    int stride = layout.stride(0);
    int extent = layout.shape().size() + high.shape().size();
    boolean follows =
        low.buffer() == high.buffer()
            && layout.offset() + stride * layout.shape().size() == high.layout().offset()
            && stride == high.layout().stride(0)
            && (low.isPlain() || stride == 0)
            && Objects.equals(low.cursor(), high.cursor());
    return follows
        ? low.with(Layout.of(Shape.of(extent), new int[] {stride}, layout.offset()))
        : null;
  }
}
