package nn.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How fast products of one shape were.
 *
 * @param form of the factors, as {@link GemmBenchmark#form} has it
 * @param best GFLOP/s of the fastest window
 * @param median GFLOP/s of the median window
 * @param worst GFLOP/s of the slowest JVM
 */
record GemmFigures(
    GemmShape shape, String form, int threads, double best, double median, double worst) {
  static final String HEADER = "threads  m x n x k             GFLOP/s   median    worst";

  /** The figures of operations that were {@link GemmShape#repeats} products each. */
  static GemmFigures of(GemmShape shape, String form, int threads, Windows windows) {
    double kiloFlops = shape.flops() * shape.repeats() / 1e3; // in a microsecond: GFLOP/s
    return new GemmFigures(
        shape,
        form,
        threads,
        kiloFlops / windows.best(),
        kiloFlops / windows.median(),
        kiloFlops / windows.worst());
  }

  /**
   * A row for a file.
   *
   * @param by whether a backend or a peer computed
   * @param name of that
   */
  Map<String, Object> row(String by, String name) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("m", shape.m());
    row.put("n", shape.n());
    row.put("k", shape.k());
    row.put("form", form);
    row.put("threads", threads);
    row.put(by, name);
    row.put("gflops", best);
    row.put("gflopsMedian", median);
    row.put("gflopsWorst", worst);
    return row;
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
    return String.format(Locale.ROOT, "%s %8.1f %8.1f %8.1f", start, best, median, worst);
  }
}
