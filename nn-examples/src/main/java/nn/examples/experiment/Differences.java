package nn.examples.experiment;

import java.util.function.ToDoubleFunction;

/** Gradients by central differences, (f(x+h) - f(x-h)) / 2h, in double with h = 1e-4. */
final class Differences {
  private static final double H = 1e-4;

  private Differences() {}

  static double[] gradient(ToDoubleFunction<double[]> f, double[] x) {
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double[] moved = x.clone();
      moved[i] = x[i] + H;
      double after = f.applyAsDouble(moved);
      moved[i] = x[i] - H;
      double before = f.applyAsDouble(moved);
      gradient[i] = (after - before) / (2 * H);
    }
    return gradient;
  }
}
