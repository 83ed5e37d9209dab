package nn.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.tensor.Initializer;
import nn.tensor.Window;

/** Models of common shape. */
public final class Models {
  private Models() {}

  /**
   * A multilayer perceptron that gives logits. Each hidden layer is linear, batch normalization,
   * activation, dropout; the last layer is linear.
   *
   * @param hidden the widths of the hidden layers; none makes a linear model
   * @param dropout probability, 0 for none
   */
  public static Sequential mlp(
      int inputs,
      int[] hidden,
      int outputs,
      UnaryOperator<Expr> activation,
      Initializer initializer,
      boolean batchNorm,
      double dropout) {
    List<Layer> layers = new ArrayList<>();
    int width = inputs;
    for (int units : hidden) {
      layers.add(new Linear(width, units, initializer));
      if (batchNorm) {
        layers.add(new BatchNorm(units));
      }
      layers.add(new Activation(activation));
      if (dropout != 0) {
        layers.add(new Dropout(dropout));
      }
      width = units;
    }
    layers.add(new Linear(width, outputs, initializer));
    return new Sequential(layers);
  }

  /** A multilayer perceptron without batch normalization and dropout. */
  public static Sequential mlp(
      int inputs,
      int[] hidden,
      int outputs,
      UnaryOperator<Expr> activation,
      Initializer initializer) {
    return mlp(inputs, hidden, outputs, activation, initializer, false, 0);
  }

  /**
   * The convolutional network that "Deep Learning from Scratch" begins with: convolution 30 of 5x5,
   * activation, pooling 2x2, 100 units, activation, logits.
   *
   * @param image [height, width, channels] of an example, whose pixels come row by row
   */
  public static Sequential simpleCnn(
      Shape image, int outputs, UnaryOperator<Expr> activation, Initializer initializer) {
    Window five = Window.of(5);
    Window half = Window.of(2).stride(2);
    return Sequential.of(
        new Reshape(image),
        new Conv2d(image.dim(2), 30, five, initializer),
        new Activation(activation),
        new MaxPool2d(half),
        new Flatten(),
        new Linear(30 * pixels(image, five, half), 100, initializer),
        new Activation(activation),
        new Linear(100, outputs, initializer));
  }

  /**
   * A convolutional network that learns MNIST to 99 % in one epoch: convolution 24 of 5x5, pooling
   * 2x2, activation, convolution 32 of 3x3, pooling 2x2, activation, 256 units, activation, logits.
   *
   * @param image [height, width, channels] of an example, whose pixels come row by row
   */
  public static Sequential cnn(
      Shape image, int outputs, UnaryOperator<Expr> activation, Initializer initializer) {
    Window five = Window.of(5);
    Window three = Window.of(3);
    Window half = Window.of(2).stride(2);
    return Sequential.of(
        new Reshape(image),
        new Conv2d(image.dim(2), 24, five, initializer),
        new MaxPool2d(half),
        new Activation(activation),
        new Conv2d(24, 32, three, initializer),
        new MaxPool2d(half),
        new Activation(activation),
        new Flatten(),
        new Linear(32 * pixels(image, five, half, three, half), 256, initializer),
        new Activation(activation),
        new Linear(256, outputs, initializer));
  }

  /** What windows, one after another, leave of an image's pixels. */
  private static int pixels(Shape image, Window... windows) {
    Shape shape = Shape.of(1, image.dim(0), image.dim(1), 1);
    for (Window window : windows) {
      shape = window.over(shape, 1);
    }
    return shape.size();
  }
}
