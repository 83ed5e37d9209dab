package nn.optim;

import nn.expr.Expr;

/** What several rules share. */
final class Coefficients {
  private static final double EPSILON = 1e-7;

  private Coefficients() {}

  static void require(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(what + " is from 0 to less than 1, not " + value);
    }
  }

  /** The square root, kept off zero for dividing by it. */
  static Expr root(Expr meanSquare) {
    return meanSquare.sqrt().add(EPSILON);
  }
}
