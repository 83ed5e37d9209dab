package nn.examples.cli;

import nn.optim.Adam;
import nn.optim.AdamW;
import nn.optim.Optimizer;
import nn.optim.Optimizers;

/** Optimizers as a user writes them: a name, then coefficients after colons. */
final class OptimizerName {
  private OptimizerName() {}

  /**
   * The optimizer meant.
   *
   * @throws IllegalArgumentException if there is none such, or a coefficient is impossible
   */
  static Optimizer parse(String text) {
    String[] parts = text.split(":", -1);
    return switch (parts[0] + "/" + (parts.length - 1)) {
      case "adam/2" -> adam(parts);
      case "adamw/2" -> new AdamW(adam(parts), new AdamW().decay());
      default -> Optimizers.named(text);
    };
  }

  private static Adam adam(String[] parts) {
    return new Adam(coefficient(parts[1]), coefficient(parts[2]));
  }

  private static double coefficient(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no coefficient", e);
    }
  }
}
