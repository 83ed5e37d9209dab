package nn.layer;

import nn.expr.CounterRandom;
import nn.expr.Expr;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * Dropout with inverted scaling (Srivastava et al., 2014): in training each element becomes 0 with
 * probability p, and the others are divided by 1 - p; in evaluation nothing changes.
 *
 * <p>The mask is not stored: a hash of the element's position and the scope's seed, it comes out
 * the same in the backward pass.
 */
public final class Dropout implements Layer {
  /** An odd number far from small ones, so that streams of consecutive seeds never meet. */
  private static final int STREAM_STRIDE = 0x9e3779b9;

  private final double probability;

  /**
   * @param probability of an element's being dropped, from 0 to less than 1
   */
  public Dropout(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "the probability of dropout is from 0 to less than 1, not " + probability);
    }
    this.probability = probability;
  }

  /** Of an element's being dropped. */
  public double probability() {
    return probability;
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (!scope.isTraining() || probability == 0) {
      return x;
    }
    Expr seed = Expr.intInput(1).add(Expr.integer(scope.nextStream() * STREAM_STRIDE));
    Expr kept = CounterRandom.uniform(seed, Expr.position()).ge(Expr.constant(probability));
    Expr scaled = Expr.input(0).mul(1 / (1 - probability));
    return scope.map(Expr.select(kept, scaled, Expr.ZERO), x, scope.seed());
  }
}
