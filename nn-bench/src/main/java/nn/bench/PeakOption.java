package nn.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import nn.bench.Measurement.Bench;
import picocli.CommandLine.Option;

/** The option to measure what a processor can compute at best. */
final class PeakOption {
  @Option(
      names = "--peak",
      description = {
        "Measure how fast one thread of this machine multiplies and adds in registers, with",
        "vectors as wide as the JVM uses, for comparison."
      })
  private boolean asked;

  /** GFLOP/s of one thread; NaN if it was not asked for. */
  double measure(Bench bench) {
    if (!asked) {
      return Double.NaN;
    }
    Windows windows = bench.jmh().run(PeakBenchmark.class, "multiplyAndAdd", Map.of());
    double best = PeakBenchmark.FLOPS / 1e3 / windows.best();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("peak", "fma");
    row.put("threads", 1);
    row.put("gflops", best);
    bench.rows().add(row, "%7d  %-20s %8.1f GFLOP/s", 1, "peak in registers", best);
    return best;
  }
}
