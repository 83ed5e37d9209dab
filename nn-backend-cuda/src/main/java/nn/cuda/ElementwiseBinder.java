package nn.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.cuda.codegen.Access;
import nn.cuda.codegen.ElementwiseSpec;
import nn.cuda.driver.Arguments;
import nn.cuda.driver.Grid;
import nn.expr.Expr;
import nn.expr.Program;

/** Makes launches of elementwise commands. */
final class ElementwiseBinder {
  /** Below, four elements for each thread would leave most of the card idle. */
  private static final int LEAST_FOR_FOURS = 4096;

  /** Blocks for each multiprocessor; more would only take turns. */
  private static final int WAVES = 16;

  private ElementwiseBinder() {}

  static void bind(Elementwise e, Binding binding) {
    bind(e.shape(), e.program(), e.inputs(), e.outputs(), binding);
  }

  static void bind(
      Shape shape, Program program, List<Operand> inputs, List<Operand> outputs, Binding binding) {
    if (shape.size() == 0) {
      return;
    }
    Views views = new Views();
    Map<Expr, Integer> leaves = views.leaves(program, shape, inputs);
    List<Integer> targets = outputs.stream().map(o -> views.add(View.of(o))).toList();
    List<Axis> axes = arranged(shape, views.list());
    KernelOperands operands = new KernelOperands(views.list(), axes);
    boolean fours = shape.size() >= LEAST_FOR_FOURS && operands.fitFours();
    List<Access> accesses = fours ? operands.inFours() : operands.strided();
    int width = fours ? 4 : 1;
    ElementwiseSpec spec =
        new ElementwiseSpec(
            program, width, axes.size(), Axis.gathered(axes), accesses, leaves, targets);
    int columns = axes.getLast().extent();
    int places = Math.ceilDiv(columns, width);
    int count = shape.size() / columns * places;
    Arguments.Builder arguments = new Arguments.Builder().integer(count).integer(columns);
    List<Integer> extents =
        new ArrayList<>(axes.stream().map(Axis::extent).toList().subList(0, axes.size() - 1));
    extents.add(places);
    KernelOperands.passExtents(extents, arguments);
    for (int k = 0; k < accesses.size(); k++) {
      operands.pass(k, accesses.get(k), arguments);
    }
    binding.launch(spec, grid(count, binding.processors()), arguments.build());
  }

  /** Small ones are spread over all multiprocessors. */
  private static Grid grid(int count, int processors) {
    int threads = count <= 64 * processors ? 64 : count <= 512 * processors ? 128 : 256;
    int blocks = Math.min(Math.ceilDiv(count, threads), WAVES * processors);
    return Grid.line(blocks, threads);
  }

  /** In the order of the shape, but with the axis last along which threads should walk. */
  private static List<Axis> arranged(Shape shape, List<View> views) {
    List<Axis> axes = new ArrayList<>(Axis.of(shape, views));
    int last = Axis.best(axes, views);
    axes.add(last < 0 ? Axis.single(views.size()) : axes.remove(last));
    return Axis.merged(axes);
  }
}
