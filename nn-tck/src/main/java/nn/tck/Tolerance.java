package nn.tck;

import nn.backend.DType;

/**
 * How far a real result may be from the one in double precision. Each element's error is held
 * against {@code relative * (|expected| + spread * rms) + absolute}, where rms is the root mean
 * square of the expected elements; and the mean squared error of all against {@code meanSquare}
 * times their mean square. Integers are always exact.
 *
 * @param relative error of an element; one unit in the last place of a single is 2^-23
 * @param spread counts the size of the other elements too: 0 for elementwise results, 1 for sums,
 *     where terms cancel
 * @param absolute an error allowed whatever the size
 * @param meanSquare of all errors, relative
 */
public record Tolerance(double relative, double spread, double absolute, double meanSquare) {
  private static final double ULP = 0x1p-23;
  private static final double BFLOAT16 = 0x1p-8;

  /** The very bits. */
  public static final Tolerance EXACT = new Tolerance(0, 0, 0, 0);

  /** Operations that IEEE 754 rounds correctly, subnormals included. */
  public static final Tolerance ROUNDED = new Tolerance(ULP, 0, Float.MIN_VALUE, 1e-12);

  /**
   * exp, log, tanh and sigmoid: 4 units in the last place; a subnormal result may be flushed to
   * zero.
   */
  public static final Tolerance FUNCTION = new Tolerance(4 * ULP, 0, Float.MIN_NORMAL, 1e-12);

  /** Expressions of many operations on values of common size. */
  public static final Tolerance COMPOSED = new Tolerance(1e-5, 1, Float.MIN_NORMAL, 1e-10);

  /** Sums of products, of some hundred terms. */
  public static final Tolerance SUM = new Tolerance(4e-6, 1, Float.MIN_NORMAL, 1e-12);

  /** What is allowed for an element stored in a type. */
  double allowed(DType type, double expected, double rms) {
    double rounding = this == EXACT || type != DType.BF16 ? 0 : BFLOAT16;
    return (relative + rounding) * (Math.abs(expected) + spread * rms) + absolute;
  }

  /** What is allowed for the mean square of the errors, relative to that of the elements. */
  double allowedMeanSquare(DType type) {
    return type == DType.BF16 ? meanSquare + BFLOAT16 * BFLOAT16 : meanSquare;
  }
}
