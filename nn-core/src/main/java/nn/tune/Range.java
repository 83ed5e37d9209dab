package nn.tune;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Where a hyperparameter is looked for.
 *
 * @param name what trials call it
 * @param low the least value
 * @param high the greatest value
 * @param scale how values are spread between them
 */
public record Range(String name, double low, double high, Scale scale) {

  /** How values are spread over a range. */
  public enum Scale {
    /** Uniformly. */
    LINEAR,
    /** With a uniformly distributed logarithm: each power of ten is as likely. */
    LOGARITHMIC
  }

  public Range {
    boolean ordered = Double.isFinite(low) && Double.isFinite(high) && low <= high;
    if (!ordered || (scale == Scale.LOGARITHMIC && low <= 0)) {
      throw new IllegalArgumentException(
          "no %s range of %s from %s to %s".formatted(scale, name, low, high));
    }
  }

  /** Values from low to high, each as likely. */
  public static Range linear(String name, double low, double high) {
    return new Range(name, low, high, Scale.LINEAR);
  }

  /** Values from low to high, both positive, each power of ten as likely. */
  public static Range logarithmic(String name, double low, double high) {
    return new Range(name, low, high, Scale.LOGARITHMIC);
  }

  /** A random value. */
  public double draw(RandomGenerator random) {
    double share = random.nextDouble();
    double value =
        scale == Scale.LINEAR
            ? low + share * (high - low)
            : Math.pow(10, Math.log10(low) + share * (Math.log10(high) - Math.log10(low)));
    return Math.clamp(value, low, high);
  }

  /**
   * The range of the same scale from the least to the greatest of some values.
   *
   * @param values at least one
   */
  public Range spannedBy(double... values) {
    return new Range(
        name,
        Arrays.stream(values).min().orElseThrow(),
        Arrays.stream(values).max().orElseThrow(),
        scale);
  }
}
