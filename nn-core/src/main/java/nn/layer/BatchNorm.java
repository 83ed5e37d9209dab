package nn.layer;

import java.util.List;
import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.tensor.Initializer;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * Batch normalization (Ioffe and Szegedy, 2015): each feature is brought to mean 0 and variance 1,
 * then scaled by gamma and moved by beta. In training by the batch's own mean and (biased)
 * variance, in evaluation by running ones, which training updates: {@code running = momentum *
 * running + (1 - momentum) * batch}. A batch of one row comes out as beta.
 */
public final class BatchNorm implements Layer {
  private final int features;
  private final double momentum;
  private final double epsilon;
  private final Parameter gamma;
  private final Parameter beta;
  private final Parameter runningMean;
  private final Parameter runningVariance;

  /** With momentum 0.9 and epsilon 1e-5. */
  public BatchNorm(int features) {
    this(features, 0.9, 1e-5);
  }

  /**
   * @param features the extent of the last axis; statistics are over all other axes
   * @param momentum the share of the running statistics that a step keeps, 0 to 1
   * @param epsilon added to the variance, positive
   */
  public BatchNorm(int features, double momentum, double epsilon) {
    if (features < 1 || !(momentum >= 0 && momentum <= 1) || !(epsilon > 0)) {
      throw new IllegalArgumentException(
          "batch normalization of %s features with momentum %s and epsilon %s"
              .formatted(features, momentum, epsilon));
    }
    this.features = features;
    this.momentum = momentum;
    this.epsilon = epsilon;
    gamma = parameter("gamma", Parameter.Kind.BIAS, Initializers.constant(1));
    beta = parameter("beta", Parameter.Kind.BIAS, Initializers.zeros());
    runningMean = parameter("runningMean", Parameter.Kind.STATE, Initializers.zeros());
    runningVariance = parameter("runningVariance", Parameter.Kind.STATE, Initializers.constant(1));
  }

  /** The extent of the last axis. */
  public int features() {
    return features;
  }

  /** The share of the running statistics that a step keeps. */
  public double momentum() {
    return momentum;
  }

  /** What is added to the variance. */
  public double epsilon() {
    return epsilon;
  }

  private Parameter parameter(String name, Parameter.Kind kind, Initializer initializer) {
    return new Parameter(name, Shape.of(features), kind, initializer);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (x.shape().rank() < 2 || x.shape().dim(-1) != features) {
      throw new IllegalArgumentException(
          "batch normalization of " + features + " features cannot take " + x.shape());
    }
    return scope.isTraining()
        ? byBatch(x, scope)
        : normalized(x.sub(scope.of(runningMean)), scope.of(runningVariance), scope);
  }

  private Tensor byBatch(Tensor x, Scope scope) {
    int[] batchAxes = IntStream.range(0, x.shape().rank() - 1).toArray();
    Tensor mean = x.mean(batchAxes);
    Tensor centered = x.sub(mean);
    Tensor variance = centered.map(Expr::square).mean(batchAxes);
    update(runningMean, mean, scope);
    update(runningVariance, variance, scope);
    return normalized(centered, variance, scope);
  }

  private void update(Parameter running, Tensor batch, Scope scope) {
    Expr blend = Expr.input(0).mul(momentum).add(Expr.input(1).mul(1 - momentum));
    scope.assign(running, scope.map(blend, scope.of(running), batch.detach().reshape(features)));
  }

  private Tensor normalized(Tensor centered, Tensor variance, Scope scope) {
    Tensor scale = scope.of(gamma).map(variance, (g, v) -> g.div(v.add(epsilon).sqrt()));
    Expr scaled = Expr.input(0).mul(Expr.input(1)).add(Expr.input(2));
    return scope.map(scaled, centered, scale, scope.of(beta));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(gamma, beta, runningMean, runningVariance);
  }
}
