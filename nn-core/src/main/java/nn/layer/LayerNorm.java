package nn.layer;

import java.util.List;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * Layer normalization (Ba, Kiros and Hinton, 2016): each row is brought to mean 0 and variance 1
 * along the last axis, then scaled by gamma and moved by beta.
 */
public final class LayerNorm implements Layer {
  private final double epsilon;
  private final Parameter gamma;
  private final Parameter beta;

  /** With epsilon 1e-5. */
  public LayerNorm(int features) {
    this(features, 1e-5);
  }

  /**
   * @param features the extent of the last axis
   * @param epsilon added to the variance, positive
   */
  public LayerNorm(int features, double epsilon) {
    if (features < 1 || !(epsilon > 0)) {
      throw new IllegalArgumentException(
          "layer normalization of " + features + " features with epsilon " + epsilon);
    }
    this.epsilon = epsilon;
    Shape shape = Shape.of(features);
    gamma = new Parameter("gamma", shape, Parameter.Kind.BIAS, Initializers.constant(1));
    beta = new Parameter("beta", shape, Parameter.Kind.BIAS, Initializers.zeros());
  }

  /** The extent of the last axis. */
  public int features() {
    return gamma.shape().dim(0);
  }

  /** What is added to the variance. */
  public double epsilon() {
    return epsilon;
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (x.shape().rank() < 1 || x.shape().dim(-1) != gamma.shape().dim(0)) {
      throw new IllegalArgumentException(
          "layer normalization of " + gamma.shape() + " cannot take " + x.shape());
    }
    Tensor centered = x.sub(x.mean(-1));
    Tensor variance = centered.map(Expr::square).mean(-1);
    Expr normalized = Expr.input(0).div(Expr.input(1).add(epsilon).sqrt());
    Expr scaled = normalized.mul(Expr.input(2)).add(Expr.input(3));
    return scope.map(scaled, centered, variance, scope.of(gamma), scope.of(beta));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(gamma, beta);
  }
}
