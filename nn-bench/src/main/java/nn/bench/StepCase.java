package nn.bench;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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
 * @param hidden widths of the hidden layers
 */
record StepCase(
    String label,
    int batch,
    List<Integer> hidden,
    UnaryOperator<Expr> activation,
    Optimizer optimizer) {
  static final int FEATURES = 784;
  static final int CLASSES = 10;

  static final List<StepCase> ALL =
      List.of(
          new StepCase("two-layer", 100, List.of(50), Activations::sigmoid, new Sgd()),
          new StepCase("mlp", 128, List.of(100, 100, 100, 100), Activations::relu, new Adam()),
          new StepCase("wide", 512, List.of(1024, 1024), Activations::relu, new Adam()));

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
    int[] widths = hidden.stream().mapToInt(Integer::intValue).toArray();
    return Models.mlp(FEATURES, widths, CLASSES, activation, Initializers.he());
  }
}
