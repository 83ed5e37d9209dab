package nn.optim;

import nn.expr.Expr;

/** What several rules share. */
final class Coefficients {
  private static final double EPSILON = 1e-7;

  /** The step that a number of this size makes is lost in the rounding of any weight. */
  private static final double NEGLIGIBLE = 1e-30;

  private Coefficients() {}

  static void require(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(what + " is from 0 to less than 1, not " + value);
    }
  }

  /**
   * A decaying mean, 0 once it is negligible. Where a unit has died it would else shrink until it
   * is subnormal and then stay so, and processors compute with such numbers ten times slower.
   */
  static Expr settled(Expr mean) {
    return Expr.select(mean.abs().lt(Expr.constant(NEGLIGIBLE)), Expr.ZERO, mean);
  }

  /** The square root, kept off zero for dividing by it. */
  static Expr root(Expr meanSquare) {
    return meanSquare.sqrt().add(EPSILON);
  }
}
