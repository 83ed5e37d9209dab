package nn.bench;

import java.util.Locale;
import java.util.Map;

/**
 * How fast products of one shape were.
 *
 * @param form of the factors, as {@link GemmBenchmark#form} has it
 * @param best GFLOP/s of the fastest window
 * @param median GFLOP/s of the median window
 * @param worst GFLOP/s of the slowest JVM
 * @param host GFLOP/s of the fastest window by the host's clock
 */
record GemmFigures(
    GemmShape shape,
    String form,
    int threads,
    double best,
    double median,
    double worst,
    double host) {
  static final String HEADER = "threads  m x n x k             GFLOP/s   median    worst     host";

  /** The figures of operations that were {@link GemmShape#repeats} products each. */
  static GemmFigures of(GemmShape shape, String form, int threads, Windows windows) {
    double kiloFlops = shape.flops() * shape.repeats() / 1e3; // in a microsecond: GFLOP/s
    return new GemmFigures(
        shape,
        form,
        threads,
        kiloFlops / windows.best(),
        kiloFlops / windows.median(),
        kiloFlops / windows.worst(),
        kiloFlops / windows.host());
  }

  /** Adds the figures to a row for a file. */
  void addTo(Map<String, Object> row) {
    row.put("m", shape.m());
    row.put("n", shape.n());
    row.put("k", shape.k());
    row.put("form", form);
    row.put("threads", threads);
    row.put("gflops", best);
    row.put("gflopsMedian", median);
    row.put("gflopsWorst", worst);
    row.put("gflopsHost", host);
  }

  /** A line of the table. */
  String line() {
    return line("%7d  %-17s %s".formatted(threads, shape.label(), form));
  }

  /** A line below nn's, for someone else's figures of the same product. */
  String lineOf(String name) {
    return line("         %-20s".formatted(name));
  }

  private String line(String start) {
    return String.format(
        Locale.ROOT, "%s %8.1f %8.1f %8.1f %8.1f", start, best, median, worst, host);
  }
}
