package nn.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The times of one measurement, by the device's clock where there is a device. The best window is
 * what the machine can do, as other programs' benchmarks report it; the same code can be compiled
 * slower in one JVM than in another, so the worst JVM stands beside it.
 *
 * @param best microseconds of an operation in the fastest window
 * @param median over all windows
 * @param worst the median window of the slowest JVM
 * @param host the best by the host's clock, which counts what the host does before and after
 * @param profile what a profiler found, by its own names; empty without one
 */
record Windows(double best, double median, double worst, double host, Map<String, Double> profile) {

  /** Gathers the windows of all JVMs of one benchmark. */
  static Windows of(RunResult result) {
    int operations = result.getParams().getOpsPerInvocation();
    List<double[]> jvms = scores(result, window -> deviceMicros(window, operations));
    double worst = jvms.stream().mapToDouble(Windows::median).max().orElse(Double.NaN);
    double host = min(scores(result, Windows::hostMicros));
    Map<String, Double> profile = new TreeMap<>();
    result.getSecondaryResults().forEach((name, r) -> profile.put(name, r.getScore()));
    profile.keySet().removeAll(List.of(DeviceClock.NANOS, DeviceClock.OPERATIONS));
    return new Windows(min(jvms), median(all(jvms).toArray()), worst, host, profile);
  }

  private static List<double[]> scores(RunResult result, ToDoubleFunction<IterationResult> score) {
    return result.getBenchmarkResults().stream().map(jvm -> scores(jvm, score)).toList();
  }

  private static double[] scores(BenchmarkResult jvm, ToDoubleFunction<IterationResult> score) {
    Collection<IterationResult> windows = jvm.getIterationResults();
    return windows.stream().mapToDouble(score).toArray();
  }

  private static double hostMicros(IterationResult window) {
    return window.getPrimaryResult().getScore();
  }

  /** What computes without a backend has the host's clock alone. */
  private static double deviceMicros(IterationResult window, int operations) {
    @SuppressWarnings("rawtypes") // as JMH has it
    Map<String, Result> counters = window.getSecondaryResults();
    Result<?> nanos = counters.get(DeviceClock.NANOS);
    Result<?> count = counters.get(DeviceClock.OPERATIONS);
    return nanos == null || count == null
        ? hostMicros(window)
        : nanos.getScore() / count.getScore() / operations / 1e3;
  }

  private static DoubleStream all(List<double[]> jvms) {
    return jvms.stream().flatMapToDouble(Arrays::stream);
  }

  private static double min(List<double[]> jvms) {
    return all(jvms).min().orElse(Double.NaN);
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
