package nn.examples.cli;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the options of a training default to.
 *
 * @param name what a user calls it
 * @param hidden widths of the hidden layers
 * @param activation its name
 * @param defaultInit initial weights that go with that activation
 * @param optimizer its name
 * @param learningRate for that optimizer
 * @param batch examples in a step
 */
record Preset(
    String name,
    List<Integer> hidden,
    String activation,
    String defaultInit,
    String optimizer,
    double learningRate,
    int batch) {
  private static final List<Preset> ALL =
      List.of(
          new Preset("mlp", List.of(100, 100, 100, 100), "relu", "he", "adam", 0.001, 128),
          new Preset("two-layer", List.of(50), "sigmoid", "std:0.01", "sgd", 0.1, 100));

  /** Activations that leave small values nearly as they are, for which Xavier is meant. */
  private static final Set<String> NEARLY_LINEAR = Set.of("sigmoid", "tanh", "identity");

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
