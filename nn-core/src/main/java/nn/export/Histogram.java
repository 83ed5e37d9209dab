package nn.export;

import java.util.Arrays;

/** The distribution of numbers as TensorBoard takes it: a HistogramProto of equal buckets. */
final class Histogram {
  private static final int BUCKETS = 30;

  private Histogram() {}

  /**
   * Counts.
   *
   * @param values finite; at least one
   */
  static Protobuf of(double[] values) {
    double min = Arrays.stream(values).min().orElseThrow();
    double max = Arrays.stream(values).max().orElseThrow();
    double width = max > min ? (max - min) / BUCKETS : 1;
    double[] limits = new double[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      limits[i] = min + (i + 1) * width;
    }
    double[] counts = new double[BUCKETS];
    for (double value : values) {
      counts[Math.clamp((int) ((value - min) / width), 0, BUCKETS - 1)]++;
    }
    return new Protobuf()
        .real64(1, min)
        .real64(2, max)
        .real64(3, values.length)
        .real64(4, Arrays.stream(values).sum())
        .real64(5, Arrays.stream(values).map(v -> v * v).sum())
        .packed(6, limits)
        .packed(7, counts);
  }
}
