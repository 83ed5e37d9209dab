package nn.examples.chart;

/** Computations on the values of a curve. */
public final class Curves {
  private static final int KAISER_LENGTH = 11;
  private static final double KAISER_BETA = 2;

  private Curves() {}

  /**
   * Smoothed by a Kaiser window of length 11 and beta 2; beyond its ends the curve is taken to go
   * on as its mirror image.
   */
  public static double[] smooth(double[] values) {
    double[] window = kaiser(KAISER_LENGTH, KAISER_BETA);
    double[] smooth = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      double weights = 0;
      for (int k = 0; k < window.length; k++) {
        sum += window[k] * values[mirrored(i + k - window.length / 2, values.length)];
        weights += window[k];
      }
      smooth[i] = sum / weights;
    }
    return smooth;
  }

  private static int mirrored(int i, int length) {
    int inside = i < 0 ? -i : i >= length ? 2 * (length - 1) - i : i;
    return Math.clamp(inside, 0, length - 1);
  }

  /**
   * The Kaiser window, w(n) = I0(beta sqrt(1 - (2n/(N-1) - 1)^2)) / I0(beta) (Kaiser and Schafer,
   * 1980).
   *
   * @param length N, at least 2
   */
  public static double[] kaiser(int length, double beta) {
    double[] window = new double[length];
    for (int n = 0; n < length; n++) {
      double r = 2.0 * n / (length - 1) - 1;
      window[n] = bessel0(beta * Math.sqrt(Math.max(0, 1 - r * r))) / bessel0(beta);
    }
    return window;
  }

  /** The modified Bessel function I0 by its power series, sum ((x/2)^k / k!)^2. */
  private static double bessel0(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; term > 1e-17 * sum; k++) {
      double factor = x / (2 * k);
      term *= factor * factor;
      sum += term;
    }
    return sum;
  }
}
