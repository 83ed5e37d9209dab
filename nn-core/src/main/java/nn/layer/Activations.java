package nn.layer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import nn.expr.Expr;

/** The usual activation functions. */
public final class Activations {
  private static final Map<String, UnaryOperator<Expr>> BY_NAME =
      Map.of(
          "relu", Activations::relu,
          "sigmoid", Activations::sigmoid,
          "tanh", Activations::tanh,
          "leaky-relu", x -> leakyRelu(x, 0.01),
          "gelu", Activations::gelu,
          "silu", Activations::silu,
          "softplus", Activations::softplus,
          "identity", Activations::identity);

  private Activations() {}

  /**
   * The function of that name: relu, sigmoid, tanh, leaky-relu (slope 0.01), gelu, silu, softplus
   * or identity.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static UnaryOperator<Expr> named(String name) {
    UnaryOperator<Expr> function = BY_NAME.get(name);
    if (function == null) {
      throw new IllegalArgumentException(
          "no activation is called \"" + name + "\"; there are: " + String.join(", ", names()));
    }
    return function;
  }

  /** In alphabetical order. */
  public static List<String> names() {
    return List.copyOf(new TreeMap<>(BY_NAME).keySet());
  }

  /** The name of a function that is one of those with names; empty if it is none of them. */
  static String nameOf(UnaryOperator<Expr> function) {
    return FunctionText.name(function, BY_NAME);
  }

  /** max(x, 0); its derivative at 0 is 0. */
  public static Expr relu(Expr x) {
    return x.max(Expr.ZERO);
  }

  /** 1 / (1 + exp(-x)). */
  public static Expr sigmoid(Expr x) {
    return x.sigmoid();
  }

  public static Expr tanh(Expr x) {
    return x.tanh();
  }

  /** x where it is positive, else {@code slope * x}. */
  public static Expr leakyRelu(Expr x, double slope) {
    return Expr.select(x.gt(Expr.ZERO), x, x.mul(slope));
  }

  /**
   * Hendrycks and Gimpel (2016), by tanh: {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}.
   */
  public static Expr gelu(Expr x) {
    Expr inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
    return x.mul(0.5).mul(inner.tanh().add(1));
  }

  /** x sigmoid(x), also called swish. */
  public static Expr silu(Expr x) {
    return x.mul(x.sigmoid());
  }

  /** log(1 + exp(x)), without overflow. */
  public static Expr softplus(Expr x) {
    Expr positive = x.gt(Expr.ZERO); // not by abs and max, whose derivatives at 0 would add up to 0
    Expr minusAbs = Expr.select(positive, x.neg(), x);
    return Expr.select(positive, x, Expr.ZERO).add(minusAbs.exp().add(1).log());
  }

  public static Expr identity(Expr x) {
    return x;
  }
}
