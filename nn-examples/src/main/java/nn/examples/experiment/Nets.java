package nn.examples.experiment;

import java.util.Arrays;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.tensor.Initializer;

/** The networks that several experiments share. */
final class Nets {
  private static final int WIDTH = 100;

  private Nets() {}

  /** 784-[100]xN-10 with ReLU. */
  static Layer deep(int hiddenLayers, Initializer initializer) {
    return deep(hiddenLayers, initializer, 0);
  }

  /** The same with dropout after each activation. */
  static Layer deep(int hiddenLayers, Initializer initializer, double dropout) {
    int[] widths = new int[hiddenLayers];
    Arrays.fill(widths, WIDTH);
    return Models.mlp(784, widths, 10, Activations::relu, initializer, false, dropout);
  }
}
