package nn.tune;

import java.util.Comparator;
import java.util.List;

/** A finished trial. */
public record Result(Trial trial, Outcome outcome) {
  private static final Comparator<Result> BEST_FIRST =
      Comparator.comparingDouble((Result result) -> rank(result.outcome().score()))
          .reversed()
          .thenComparing(result -> result.trial().round())
          .thenComparingInt(result -> result.trial().number());

  private static double rank(double score) {
    return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
  }

  /** By score, those that failed last; equal ones in a fixed order. */
  public static List<Result> sorted(List<Result> results) {
    return results.stream().sorted(BEST_FIRST).toList();
  }

  /**
   * The ranges that the best of some results span: where a finer round should look.
   *
   * @param count how many of the best
   * @throws IllegalArgumentException if every trial failed
   */
  public static List<Range> rangesOfBest(int count, List<Result> results, List<Range> ranges) {
    List<Result> best =
        sorted(results).stream()
            .filter(result -> !Double.isNaN(result.outcome().score()))
            .limit(count)
            .toList();
    if (best.isEmpty()) {
      throw new IllegalArgumentException("every trial failed; look in other ranges");
    }
    return ranges.stream().map(range -> range.spannedBy(values(best, range.name()))).toList();
  }

  private static double[] values(List<Result> results, String name) {
    return results.stream().mapToDouble(result -> result.trial().value(name)).toArray();
  }
}
