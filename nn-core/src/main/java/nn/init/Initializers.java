package nn.init;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import nn.backend.Shape;
import nn.tensor.Initializer;

/** The usual initial values. Normal ones are drawn on the host in double precision. */
public final class Initializers {
  private static final String STD = "std:";
  private static final String NAMES = "he (or relu), xavier (or sigmoid), zeros, std:NUMBER";

  private Initializers() {}

  public static Initializer zeros() {
    return constant(0);
  }

  /** One value everywhere. */
  public static Initializer constant(double value) {
    return (shape, random) -> {
      double[] values = new double[shape.size()];
      Arrays.fill(values, value);
      return values;
    };
  }

  /**
   * Normally distributed about 0.
   *
   * @param std the standard deviation, finite and not negative
   */
  public static Initializer normal(double std) {
    if (!(std >= 0 && Double.isFinite(std))) {
      throw new IllegalArgumentException(
          "a standard deviation is finite and not negative, unlike " + std);
    }
    return normal(shape -> std);
  }

  /** Normal with standard deviation sqrt(1/n), n the fan-in (Glorot and Bengio, 2010). */
  public static Initializer xavier() {
    return normal(shape -> Math.sqrt(1.0 / fanIn(shape)));
  }

  /** Normal with standard deviation sqrt(2/n), n the fan-in (He et al., 2015); for ReLU. */
  public static Initializer he() {
    return normal(shape -> Math.sqrt(2.0 / fanIn(shape)));
  }

  /**
   * The initial values of that name: "he" or "relu", "xavier" or "sigmoid", "zeros", "std:0.01".
   *
   * @throws IllegalArgumentException if there are none; the message lists the names
   */
  public static Initializer named(String name) {
    return switch (name) {
      case "he", "relu" -> he();
      case "xavier", "sigmoid" -> xavier();
      case "zeros" -> zeros();
      default -> normal(std(name));
    };
  }

  private static double std(String name) {
    if (name.startsWith(STD)) {
      try {
        return Double.parseDouble(name.substring(STD.length()));
      } catch (NumberFormatException notANumber) {
        throw new IllegalArgumentException(
            "no number follows " + STD + " in \"" + name + "\"", notANumber);
      }
    }
    throw new IllegalArgumentException(
        "no initial values are called \"" + name + "\"; there are: " + NAMES);
  }

  private static Initializer normal(ToDoubleFunction<Shape> std) {
    return (shape, random) -> {
      double scale = std.applyAsDouble(shape);
      double[] values = new double[shape.size()];
      Arrays.setAll(values, i -> scale * random.nextGaussian());
      return values;
    };
  }

  /** All axes but the last lead into a unit. */
  private static int fanIn(Shape shape) {
    int fanIn = 1;
    for (int axis = 0; axis < shape.rank() - 1; axis++) {
      fanIn *= shape.dim(axis);
    }
    return Math.max(1, fanIn);
  }
}
