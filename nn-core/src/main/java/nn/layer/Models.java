package nn.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import nn.expr.Expr;
import nn.tensor.Initializer;

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
}
