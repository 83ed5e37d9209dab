package nn.layer;

import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.tensor.Window;

/**
 * The largest value of each window and channel of images [n, height, width, channels].
 *
 * @param window slides over the images; padding counts as minus infinity
 */
public record MaxPool2d(Window window) implements Layer {

  /** Square windows side by side. */
  public MaxPool2d(int size) {
    this(Window.of(size).stride(size));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return x.maxPool(window);
  }
}
