package nn.optim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The optimizers by name, with their usual coefficients. */
public final class Optimizers {
  private static final Map<String, Optimizer> BY_NAME =
      new TreeMap<>(
          Map.of(
              "sgd", new Sgd(),
              "momentum", new Momentum(),
              "nesterov", new Nesterov(),
              "adagrad", new AdaGrad(),
              "rmsprop", new RmsProp(),
              "adam", new Adam(),
              "adamw", new AdamW()));

  private Optimizers() {}

  /** In alphabetical order. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * The optimizer of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Optimizer named(String name) {
    Optimizer optimizer = BY_NAME.get(name);
    if (optimizer == null) {
      throw new IllegalArgumentException(
          "no optimizer is called \"" + name + "\"; there are: " + String.join(", ", names()));
    }
    return optimizer;
  }
}
