package nn.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;

/** The operands of one kernel, each distinct one once, by number. */
final class Views {
  private final Map<View, Integer> numbers = new HashMap<>();
  private final List<View> views = new ArrayList<>();

  int add(View view) {
    return numbers.computeIfAbsent(
        view,
        added -> {
          views.add(added);
          return views.size() - 1;
        });
  }

  List<View> list() {
    return List.copyOf(views);
  }

  /** The operand of each leaf of a program but its constants. */
  Map<Expr, Integer> leaves(Program program, Shape shape, List<Operand> inputs) {
    Map<Expr, Integer> leaves = new HashMap<>();
    for (Program.Step step : program.steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        leaves.put(leaf, add(view(leaf, shape, inputs)));
      }
    }
    return Map.copyOf(leaves);
  }

  /** Where the value of a leaf comes from. */
  static View view(Expr leaf, Shape shape, List<Operand> inputs) {
    return switch (leaf) {
      case Expr.Input(int input, var type) -> View.of(inputs.get(input));
      case Expr.Index(int axis) -> View.index(shape, axis);
      default -> View.number(shape, IntStream.range(0, shape.rank()).toArray());
    };
  }
}
