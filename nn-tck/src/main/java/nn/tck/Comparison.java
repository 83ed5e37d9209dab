package nn.tck;

import java.util.Locale;
import nn.backend.BFloat16;
import nn.backend.DType;
import nn.expr.Type;

/** Compares a buffer with what the reference backend made of it. */
final class Comparison {
  private final DType type;
  private final double[] before;
  private final double[] expected;
  private final double[] actual;
  private final Tolerance tolerance;
  private final double rms;
  private final int touched;

  /**
   * @param type the type of the buffer under test
   * @param before what all elements were at first
   * @param expected what the reference made of them
   * @param actual what the backend made of them
   */
  Comparison(DType type, double[] before, double[] expected, double[] actual, Tolerance tolerance) {
    this.type = type;
    this.before = before;
    this.expected = expected;
    this.actual = actual;
    this.tolerance = tolerance;
    double squares = 0;
    int count = 0;
    for (int i = 0; i < expected.length; i++) {
      if (!untouched(i) && Double.isFinite(rounded(type, expected[i]))) {
        squares += expected[i] * expected[i];
        count++;
      }
    }
    this.touched = count;
    this.rms = Math.sqrt(squares / Math.max(1, count));
  }

  /** The value as an element of a type holds it. */
  static double rounded(DType type, double value) {
    return switch (type) {
      case F32 -> (float) value;
      case BF16 -> BFloat16.toFloat(BFloat16.of((float) value));
      case F64, I32, U8 -> value;
    };
  }

  /**
   * Elements that the reference left alone must be left alone: a stray write is an error however
   * small.
   */
  private boolean untouched(int i) {
    return Double.compare(before[i], expected[i]) == 0;
  }

  Outcome outcome(String what) {
    int worst = -1;
    double worstRatio = 0;
    double worstError = 0;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      double error = error(i);
      double ratio = error == 0 ? 0 : ofTolerance(i, error);
      squares += untouched(i) ? 0 : error * error;
      worstError = Math.max(worstError, relative(i, error));
      if (ratio > worstRatio) {
        worst = i;
        worstRatio = ratio;
      }
    }
    return worstRatio > 1
        ? new Outcome(Outcome.Status.FAILED, worstError, worstRatio, describe(what, worst))
        : new Outcome(Outcome.Status.PASSED, worstError, worstRatio, "")
            .and(meanSquare(what, squares));
  }

  private double error(int i) {
    double want = rounded(type, expected[i]);
    boolean same = want == actual[i] || Double.isNaN(want) && Double.isNaN(actual[i]);
    double difference = Math.abs(want - actual[i]);
    return same ? 0 : Double.isFinite(difference) ? difference : Double.POSITIVE_INFINITY;
  }

  private double ofTolerance(int i, double error) {
    boolean exact = untouched(i) || type.type() == Type.INT || Double.isInfinite(error);
    double want = rounded(type, expected[i]);
    return exact ? Double.POSITIVE_INFINITY : error / tolerance.allowed(type, want, rms);
  }

  private double relative(int i, double error) {
    double size = Math.abs(expected[i]) + tolerance.spread() * rms;
    return error <= tolerance.absolute() ? 0 : error / size;
  }

  private String describe(String what, int i) {
    String touched = untouched(i) ? ", which nothing should have written," : "";
    return "%s: element %d%s is %s, expected %s"
        .formatted(what, i, touched, actual[i], rounded(type, expected[i]));
  }

  private Outcome meanSquare(String what, double squares) {
    double error = squares / Math.max(1, touched);
    if (Math.sqrt(error) <= tolerance.absolute() || type.type() == Type.INT) {
      return Outcome.passed();
    }
    double relative = error / (rms * rms);
    double ratio = relative / tolerance.allowedMeanSquare(type);
    return ratio <= 1
        ? new Outcome(Outcome.Status.PASSED, 0, ratio, "")
        : new Outcome(
            Outcome.Status.FAILED,
            Math.sqrt(relative),
            ratio,
            String.format(
                Locale.ROOT,
                "%s: the mean squared error is %.3g of the mean square, %.3g times too much",
                what,
                relative,
                ratio));
  }
}
