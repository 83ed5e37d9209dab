package nn.bench;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.optim.Adam;
import nn.optim.Optimizer;
import nn.optim.Sgd;

/**
 * A model with its batch and optimizer: what a training step is measured on.
 *
 * @param label what a user calls it
 * @param batch examples in a step
 * @param net makes the model
 */
record StepCase(String label, int batch, Supplier<Layer> net, Optimizer optimizer) {
  static final int FEATURES = 784;
  static final int CLASSES = 10;

  static final List<StepCase> ALL =
      List.of(
          new StepCase("two-layer", 100, () -> mlp(Activations::sigmoid, 50), new Sgd()),
          new StepCase("mlp", 128, () -> mlp(Activations::relu, 100, 100, 100, 100), new Adam()),
          new StepCase("wide", 512, () -> mlp(Activations::relu, 1024, 1024), new Adam()),
          new StepCase("cnn", 100, StepCase::cnn, new Adam()));

  private static Layer mlp(UnaryOperator<Expr> activation, int... hidden) {
    return Models.mlp(FEATURES, hidden, CLASSES, activation, Initializers.he());
  }

  private static Layer cnn() {
    Shape image = Shape.of(28, 28, 1);
    return Models.simpleCnn(image, CLASSES, Activations::relu, Initializers.he());
  }

  /**
   * The case of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static StepCase named(String name) {
    String names = ALL.stream().map(StepCase::label).collect(Collectors.joining(", "));
    return ALL.stream()
        .filter(step -> step.label.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no case is called \"" + name + "\"; there are: " + names));
  }

  Layer model() {
    return net.get();
  }
}
