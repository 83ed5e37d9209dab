package nn.layer;

import java.util.List;
import nn.backend.Shape;
import nn.init.Initializers;
import nn.tensor.Initializer;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/** An affine map: x W + b. */
public final class Linear implements Layer {
  private final Parameter weight;
  private final Parameter bias;

  /**
   * @param inputs features of an example, at least 1
   * @param outputs at least 1
   * @param initializer of the weight [inputs, outputs]; the bias [outputs] begins at zero
   */
  public Linear(int inputs, int outputs, Initializer initializer) {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a linear layer has at least one input and output, not " + inputs + " and " + outputs);
    }
    weight = new Parameter("weight", Shape.of(inputs, outputs), Parameter.Kind.WEIGHT, initializer);
    bias = new Parameter("bias", Shape.of(outputs), Parameter.Kind.BIAS, Initializers.zeros());
  }

  /** Features of an example. */
  public int inputs() {
    return weight.shape().dim(0);
  }

  /** Features of a result. */
  public int outputs() {
    return weight.shape().dim(1);
  }

  /** [inputs, outputs]. */
  public Parameter weight() {
    return weight;
  }

  /** [outputs]. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (x.shape().rank() != 2 || x.shape().dim(1) != weight.shape().dim(0)) {
      throw new IllegalArgumentException(
          this + " takes [n, " + weight.shape().dim(0) + "], not " + x.shape());
    }
    return x.matmul(scope.of(weight)).add(scope.of(bias));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public String toString() {
    return "Linear" + weight.shape();
  }
}
