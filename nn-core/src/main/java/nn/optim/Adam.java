package nn.optim;

import java.util.List;
import nn.expr.Expr;

/**
 * Adam (Kingma and Ba, 2015): {@code m += (1 - b1)(g - m); v += (1 - b2)(g^2 - v); w -= lr sqrt(1 -
 * b2^t) / (1 - b1^t) m / (sqrt(v) + 1e-7)} at step t.
 *
 * @param beta1 b1, from 0 to less than 1
 * @param beta2 b2, from 0 to less than 1
 */
public record Adam(double beta1, double beta2) implements Optimizer {

  public Adam {
    Coefficients.require("beta1", beta1);
    Coefficients.require("beta2", beta2);
  }

  /** With b1 0.9 and b2 0.999. */
  public Adam() {
    this(0.9, 0.999);
  }

  @Override
  public int states() {
    return 2;
  }

  @Override
  public double defaultLearningRate() {
    return 0.001;
  }

  /** The learning rate corrected for the means' beginning at zero. */
  @Override
  public double[] scalars(double learningRate, long step) {
    double t = (double) step;
    double correction = Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
    return new double[] {learningRate * correction};
  }

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    Expr m = Coefficients.settled(state.get(0).add(g.sub(state.get(0)).mul(1 - beta1)));
    Expr v = Coefficients.settled(state.get(1).add(g.square().sub(state.get(1)).mul(1 - beta2)));
    return List.of(w.sub(scalars.getFirst().mul(m).div(Coefficients.root(v))), m, v);
  }
}
