package nn.optim;

import java.util.List;
import nn.expr.Expr;

/**
 * A penalty on weights: its sum over them is added to the loss, its derivative to their gradients.
 */
@FunctionalInterface
public interface Regularizer {

  /** The penalty on one weight; 0 for a weight of 0. */
  Expr penalty(Expr w);

  /** Weight decay: {@code lambda w^2 / 2}. */
  static Regularizer l2(double lambda) {
    requireStrength(lambda);
    return w -> w.square().mul(lambda / 2);
  }

  /** {@code lambda |w|}, which makes weights sparse. */
  static Regularizer l1(double lambda) {
    requireStrength(lambda);
    return w -> w.abs().mul(lambda);
  }

  /** Several penalties at once. */
  static Regularizer sum(Regularizer... parts) {
    List<Regularizer> all = List.of(parts);
    return w -> all.stream().map(part -> part.penalty(w)).reduce(Expr.ZERO, Expr::add);
  }

  private static void requireStrength(double lambda) {
    if (!(lambda >= 0 && Double.isFinite(lambda))) {
      throw new IllegalArgumentException(
          "a penalty's strength is finite and not negative, unlike " + lambda);
    }
  }
}
