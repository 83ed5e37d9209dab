package nn.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * The times of one measurement. The best window is what the machine can do, as other programs'
 * benchmarks report it; the same code can be compiled slower in one JVM than in another, so the
 * worst JVM stands beside it.
 *
 * @param best microseconds of an operation in the fastest window
 * @param median over all windows
 * @param worst the median window of the slowest JVM
 * @param profile what a profiler found, by its own names; empty without one
 */
record Windows(double best, double median, double worst, Map<String, Double> profile) {

  /** Gathers the windows of all JVMs of one benchmark. */
  static Windows of(RunResult result) {
    List<double[]> jvms = result.getBenchmarkResults().stream().map(Windows::scores).toList();
    double[] all = jvms.stream().flatMapToDouble(Arrays::stream).toArray();
    double best = Arrays.stream(all).min().orElse(Double.NaN);
    double worst = jvms.stream().mapToDouble(Windows::median).max().orElse(Double.NaN);
    Map<String, Double> profile = new TreeMap<>();
    result.getSecondaryResults().forEach((name, r) -> profile.put(name, r.getScore()));
    return new Windows(best, median(all), worst, profile);
  }

  private static double[] scores(BenchmarkResult jvm) {
    Collection<IterationResult> windows = jvm.getIterationResults();
    return windows.stream().mapToDouble(w -> w.getPrimaryResult().getScore()).toArray();
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
