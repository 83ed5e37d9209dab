package nn.expr;

import java.util.List;

/** The value of an expression at one element, by way of its program. */
final class Evaluate {
  private Evaluate() {}

  static double value(Expr expr, double... inputs) {
    Program program = Program.of(expr);
    return values(program, inputs)[program.outputs().getFirst()];
  }

  /** The values of all steps. */
  static double[] values(Program program, double... inputs) {
    List<Program.Step> steps = program.steps();
    double[] values = new double[steps.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (steps.get(i)) {
            case Program.Leaf(Expr leaf) -> leaf(leaf, inputs);
            case Program.Operation(Op op, Type type, List<Integer> a) ->
                op.evaluate(
                    steps.get(a.getFirst()).type(),
                    values[a.getFirst()],
                    a.size() > 1 ? values[a.get(1)] : 0,
                    a.size() > 2 ? values[a.get(2)] : 0);
          };
    }
    return values;
  }

  static double leaf(Expr leaf, double... inputs) {
    return switch (leaf) {
      case Expr.Input(int index, Type type) -> inputs[index];
      case Expr.Constant(double value, Type type) -> value;
      case Expr.Index(int axis) -> axis + 3;
      case Expr.Position() -> 17;
      case Expr.Apply apply -> throw new IllegalArgumentException("not a leaf: " + apply);
    };
  }
}
