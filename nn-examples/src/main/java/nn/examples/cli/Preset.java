package nn.examples.cli;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.layer.Models;
import nn.layer.Sequential;
import nn.tensor.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * What the options of a training default to.
 *
 * @param name what a user calls it
 * @param hidden widths of a perceptron's hidden layers
 * @param network the convolutional network; null for a perceptron
 * @param activation its name
 * @param defaultInit initial weights that go with that activation
 * @param method how it is trained
 */
record Preset(
    String name,
    List<Integer> hidden,
    @Nullable Network network,
    String activation,
    String defaultInit,
    Method method) {
  private static final int EPOCHS = 5;
  private static final String CONSTANT = "constant";

  /** No augmentation. */
  static final String NONE = "none";

  private static final List<Preset> ALL =
      List.of(
          new Preset(
              "mlp",
              List.of(100, 100, 100, 100),
              null,
              "relu",
              "he",
              new Method("adam", 0.001, CONSTANT, 128, EPOCHS, NONE)),
          new Preset(
              "two-layer",
              List.of(50),
              null,
              "sigmoid",
              "std:0.01",
              new Method("sgd", 0.1, CONSTANT, 100, EPOCHS, NONE)),
          new Preset(
              "cnn",
              List.of(),
              Models::cnn,
              "relu",
              "xavier",
              new Method("adam:0.7:0.9", 0.01, "one-cycle", 256, 1, "shift:1")),
          new Preset(
              "simple-cnn",
              List.of(),
              Models::simpleCnn,
              "relu",
              "he",
              new Method("adam", 0.001, CONSTANT, 100, EPOCHS, NONE)));

  /** Activations that leave small values nearly as they are, for which Xavier is meant. */
  private static final Set<String> NEARLY_LINEAR = Set.of("sigmoid", "tanh", "identity");

  /** Makes a model for images [height, width, channels]. */
  @FunctionalInterface
  interface Network {
    Sequential of(Shape image, int outputs, UnaryOperator<Expr> activation, Initializer init);
  }

  /**
   * How a model is trained, in the words of the options.
   *
   * @param learningRate for that optimizer
   * @param batch examples in a step
   * @param augment how images change from epoch to epoch
   */
  record Method(
      String optimizer,
      double learningRate,
      String schedule,
      int batch,
      int epochs,
      String augment) {}

  /**
   * The preset of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Preset named(String name) {
    return ALL.stream()
        .filter(preset -> preset.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no model is called \""
                    + name
                    + "\"; there are: "
                    + ALL.stream().map(Preset::name).collect(Collectors.joining(", "))));
  }

  /** Initial weights that go with an activation, null being the preset's own. */
  String init(@Nullable String chosen) {
    if (chosen == null) {
      return defaultInit;
    }
    return NEARLY_LINEAR.contains(chosen) ? "xavier" : "he";
  }
}
