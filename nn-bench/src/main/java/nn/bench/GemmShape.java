package nn.bench;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shape of a product of [m, k] by [k, n]. */
record GemmShape(int m, int n, int k) {
  /** Squares, then the products of a multilayer perceptron on MNIST. */
  static final List<GemmShape> USUAL =
      List.of(
          new GemmShape(32, 32, 32),
          new GemmShape(64, 64, 64),
          new GemmShape(128, 128, 128),
          new GemmShape(256, 256, 256),
          new GemmShape(512, 512, 512),
          new GemmShape(1024, 1024, 1024),
          new GemmShape(2048, 2048, 2048),
          new GemmShape(128, 100, 784),
          new GemmShape(128, 100, 100),
          new GemmShape(784, 100, 128),
          new GemmShape(128, 10, 100),
          new GemmShape(100, 10, 128),
          new GemmShape(512, 1024, 784),
          new GemmShape(1024, 1024, 512));

  /** Enough work that waiting for the device does not count. */
  private static final double REPEATED_FLOPS = 2e7;

  GemmShape {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException(
          "m, n and k must be at least 1, not %d,%d,%d".formatted(m, n, k));
    }
  }

  /**
   * The shape written as m,n,k.
   *
   * @throws IllegalArgumentException if that is not three positive numbers
   */
  static GemmShape parse(String text) {
    try {
      int[] dims = Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
      if (dims.length == 3) {
        return new GemmShape(dims[0], dims[1], dims[2]);
      }
    } catch (NumberFormatException e) {
      throw notAShape(text, e);
    }
    throw notAShape(text, null);
  }

  private static IllegalArgumentException notAShape(String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not three whole numbers m,n,k, such as 128,100,784", cause);
  }

  double flops() {
    return 2.0 * m * n * k;
  }

  int repeats() {
    return Math.clamp((long) (REPEATED_FLOPS / flops()), 1, 1000);
  }

  /** For people: m x n x k. */
  String label() {
    return m + " x " + n + " x " + k;
  }

  @Override
  public String toString() {
    return m + "," + n + "," + k;
  }
}
