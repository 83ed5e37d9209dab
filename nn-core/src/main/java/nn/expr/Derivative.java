package nn.expr;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Symbolic differentiation. Rules are written in terms of the value itself where that is possible
 * ({@code exp}, {@code tanh}, {@code max(x, 0)}), so that a saved output can stand for it in the
 * backward pass.
 */
final class Derivative {
  private final Expr input;
  private final Map<Expr, Expr> done = new IdentityHashMap<>();

  Derivative(Expr input) {
    this.input = input;
  }

  Expr of(Expr expr) {
    if (expr.type() != Type.FLOAT) {
      throw new IllegalArgumentException("only real expressions have a derivative, not " + expr);
    }
    Expr known = done.get(expr);
    if (known == null) {
      known = compute(expr);
      done.put(expr, known);
    }
    return known;
  }

  private Expr compute(Expr expr) {
    if (expr.equals(input)) {
      return Expr.ONE;
    }
    return expr instanceof Expr.Apply apply ? rule(apply, apply.arguments()) : Expr.ZERO;
  }

  private Expr rule(Expr.Apply self, List<Expr> args) {
    Expr a = args.getFirst();
    return switch (self.op()) {
      case ADD -> of(a).add(of(args.get(1)));
      case SUB -> of(a).sub(of(args.get(1)));
      case MUL -> of(a).mul(args.get(1)).add(a.mul(of(args.get(1))));
      case DIV -> of(a).sub(self.mul(of(args.get(1)))).div(args.get(1));
      case MAX -> extremum(self, a, args.get(1), Expr::gt);
      case MIN -> extremum(self, a, args.get(1), Expr::lt);
      case NEG -> of(a).neg();
      case ABS ->
          Expr.select(a.gt(Expr.ZERO), of(a), Expr.select(a.lt(Expr.ZERO), of(a).neg(), Expr.ZERO));
      case SQRT -> of(a).mul(0.5).div(self);
      case EXP -> of(a).mul(self);
      case LOG -> of(a).div(a);
      case TANH -> of(a).mul(Expr.ONE.sub(self.square()));
      case SIGMOID -> of(a).mul(self.mul(Expr.ONE.sub(self)));
      case SELECT -> Expr.select(a, of(args.get(1)), of(args.get(2)));
      case FLOOR, TO_FLOAT -> Expr.ZERO;
      case LT, LE, EQ, AND, OR, NOT, BIT_AND, BIT_XOR, SHL, USHR, TO_INT ->
          throw new IllegalStateException("not a real expression: " + self);
    };
  }

  private interface Comparison {
    Expr of(Expr left, Expr right);
  }

  /** Against a constant the value itself tells which side won, so the input need not be kept. */
  private Expr extremum(Expr self, Expr a, Expr b, Comparison wins) {
    if (b instanceof Expr.Constant) {
      return Expr.select(wins.of(self, b), of(a), Expr.ZERO);
    }
    if (a instanceof Expr.Constant) {
      return Expr.select(wins.of(self, a), of(b), Expr.ZERO);
    }
    return Expr.select(wins.of(b, a), of(b), of(a));
  }
}
