package nn.optim;

import java.util.List;
import nn.expr.Expr;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam}'s update, and {@code
 * w -= lr decay w} where the parameter decays.
 *
 * @param adam the update
 * @param decay finite and not negative
 */
public record AdamW(Adam adam, double decay) implements Optimizer {

  public AdamW {
    if (!(decay >= 0 && Double.isFinite(decay))) {
      throw new IllegalArgumentException(
          "a weight decay is finite and not negative, unlike " + decay);
    }
  }

  /** With decay 0.01. */
  public AdamW() {
    this(new Adam(), 0.01);
  }

  @Override
  public int states() {
    return adam.states();
  }

  @Override
  public double defaultLearningRate() {
    return adam.defaultLearningRate();
  }

  @Override
  public int scalarCount() {
    return 2;
  }

  @Override
  public double[] scalars(double learningRate, long step) {
    return new double[] {adam.scalars(learningRate, step)[0], learningRate};
  }

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    Expr decayed = decays ? w.sub(scalars.get(1).mul(decay).mul(w)) : w;
    return adam.update(decayed, g, scalars, state, decays);
  }
}
