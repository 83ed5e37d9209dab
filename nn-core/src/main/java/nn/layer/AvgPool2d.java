package nn.layer;

import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.tensor.Window;

/**
 * The mean of each window and channel of images [n, height, width, channels].
 *
 * @param window slides over the images; padding is with zeros, which count
 */
public record AvgPool2d(Window window) implements Layer {

  /** Square windows side by side. */
  public AvgPool2d(int size) {
    this(Window.of(size).stride(size));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return x.averagePool(window);
  }
}
