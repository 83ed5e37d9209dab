package nn.layer;

import java.util.List;
import nn.backend.Shape;
import nn.init.Initializers;
import nn.tensor.Initializer;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.tensor.Window;

/**
 * Convolution of images (LeCun et al., 1989): for each window the sum of its pixels times a weight,
 * and a bias for each channel of the result. Images are [n, height, width, channels].
 */
public final class Conv2d implements Layer {
  private final Window window;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * @param inputs channels of an image, at least 1
   * @param outputs channels of a result, at least 1
   * @param initializer of the weight [window's height, window's width, inputs, outputs]; the bias
   *     [outputs] begins at zero
   */
  public Conv2d(int inputs, int outputs, Window window, Initializer initializer) {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a convolution has at least one channel on each side, not " + inputs + " and " + outputs);
    }
    this.window = window;
    Shape shape = Shape.of(window.height(), window.width(), inputs, outputs);
    weight = new Parameter("weight", shape, Parameter.Kind.WEIGHT, initializer);
    bias = new Parameter("bias", Shape.of(outputs), Parameter.Kind.BIAS, Initializers.zeros());
  }

  /** Channels of an image. */
  public int inputs() {
    return weight.shape().dim(2);
  }

  /** Channels of a result. */
  public int outputs() {
    return weight.shape().dim(3);
  }

  /** Where the weights lie. */
  public Window window() {
    return window;
  }

  /** [window's height, window's width, inputs, outputs]. */
  public Parameter weight() {
    return weight;
  }

  /** [outputs]. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (x.shape().rank() != 4 || x.shape().dim(3) != inputs()) {
      throw new IllegalArgumentException(
          this + " takes [n, height, width, " + inputs() + "], not " + x.shape());
    }
    return x.convolve(scope.of(weight), window).add(scope.of(bias));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public String toString() {
    return "Conv2d" + weight.shape();
  }
}
