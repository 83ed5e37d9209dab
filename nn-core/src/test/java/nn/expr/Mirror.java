package nn.expr;

import java.util.Arrays;
import java.util.List;

/** An expression kept as it was written beside the one that the builders made of it. */
record Mirror(Expr built, List<Mirror> arguments, Op op, Type operandType) {

  static Mirror leaf(Expr leaf) {
    return new Mirror(leaf, List.of(), Op.ADD, leaf.type());
  }

  static Mirror apply(Op op, Mirror... arguments) {
    Expr built = Expr.apply(op, Arrays.stream(arguments).map(Mirror::built).toArray(Expr[]::new));
    return new Mirror(built, List.of(arguments), op, arguments[0].built().type());
  }

  /** The value as written, without any simplification; NaN if a part is not finite. */
  double evaluate(double[] inputs) {
    if (arguments.isEmpty()) {
      return Evaluate.leaf(built, inputs);
    }
    double[] v = new double[3];
    for (int i = 0; i < arguments.size(); i++) {
      v[i] = arguments.get(i).evaluate(inputs);
      if (!Double.isFinite(v[i])) {
        return Double.NaN;
      }
    }
    return op.evaluate(operandType, v[0], v[1], v[2]);
  }
}
