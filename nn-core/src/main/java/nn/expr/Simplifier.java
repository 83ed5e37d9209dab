package nn.expr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Local rewrites, applied once to each operation as it is built; its arguments are simple already.
 */
final class Simplifier {
  private Simplifier() {}

  static Expr simplify(Expr.Apply e) {
    List<Expr> args = e.arguments();
    if (args.stream().allMatch(Expr.Constant.class::isInstance)) {
      return fold(e);
    }
    Expr simpler =
        switch (e.op().arity()) {
          case 1 -> unary(e.op(), args.getFirst());
          case 2 -> binary(e.op(), args.get(0), args.get(1));
          default -> select(args.get(0), args.get(1), args.get(2));
        };
    return simpler == null ? e : simpler;
  }

  private static Expr fold(Expr.Apply e) {
    double[] v = new double[3];
    for (int i = 0; i < e.arguments().size(); i++) {
      v[i] = ((Expr.Constant) e.arguments().get(i)).value();
    }
    Type type = e.op() == Op.SELECT ? Type.BOOL : e.arguments().getFirst().type();
    return new Expr.Constant(e.op().evaluate(type, v[0], v[1], v[2]), e.type());
  }

  private static @Nullable Expr unary(Op op, Expr a) {
    boolean undoes =
        a instanceof Expr.Apply inner && inner.op() == op && (op == Op.NEG || op == Op.NOT);
    return undoes ? ((Expr.Apply) a).arguments().getFirst() : null;
  }

  private static @Nullable Expr binary(Op op, Expr a, Expr b) {
    return switch (op) {
      case ADD -> is(a, 0) ? b : is(b, 0) ? a : isNegation(b) ? a.sub(negated(b)) : null;
      case SUB -> is(b, 0) ? a : is(a, 0) ? b.neg() : isNegation(b) ? a.add(negated(b)) : null;
      case MUL -> product(a, b);
      case DIV -> is(b, 1) ? a : is(a, 0) ? a : null;
      case AND -> is(a, 0) || is(b, 1) ? a : is(b, 0) || is(a, 1) ? b : null;
      case OR -> is(a, 1) || is(b, 0) ? a : is(b, 1) || is(a, 0) ? b : null;
      case MIN, MAX -> a.equals(b) ? a : null;
      default -> null;
    };
  }

  private static @Nullable Expr product(Expr a, Expr b) {
    if (a instanceof Expr.Constant && !(b instanceof Expr.Constant)) {
      return b.mul(a); // constants to the right, so that one set of rules serves both orders
    }
    if (is(b, 0) || is(b, 1)) {
      return is(b, 0) ? b : a;
    }
    if (is(b, -1)) {
      return a.neg();
    }
    Expr masked = maskedProduct(a, b);
    return masked != null ? masked : maskedProduct(b, a);
  }

  /**
   * A factor that is 0 or 1 becomes a choice: cheaper, and 0 where the other factor is not finite.
   */
  private static @Nullable Expr maskedProduct(Expr mask, Expr other) {
    if (mask instanceof Expr.Apply select && select.op() == Op.SELECT) {
      Expr yes = select.arguments().get(1);
      Expr no = select.arguments().get(2);
      if (isBit(yes) && isBit(no)) {
        return Expr.select(select.arguments().getFirst(), other.mul(yes), other.mul(no));
      }
    }
    return null;
  }

  private static @Nullable Expr select(Expr condition, Expr yes, Expr no) {
    if (yes.equals(no) || is(condition, 1)) {
      return yes;
    }
    return is(condition, 0) ? no : null;
  }

  private static boolean is(Expr e, double value) {
    return e instanceof Expr.Constant c && c.value() == value;
  }

  private static boolean isBit(Expr e) {
    return is(e, 0) || is(e, 1);
  }

  private static boolean isNegation(Expr e) {
    return e instanceof Expr.Apply apply && apply.op() == Op.NEG;
  }

  private static Expr negated(Expr e) {
    return ((Expr.Apply) e).arguments().getFirst();
  }
}
