package nn.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nn bench gemm}. */
@Command(name = "gemm", description = "Matrix products in F32: GFLOP/s.")
final class GemmCommand extends Measurement {
  @Option(
      names = "--shapes",
      paramLabel = "M,N,K",
      split = ";",
      description = "Shapes such as \"128,100,784;32,32,32\"; by default fourteen usual ones.")
  private String @Nullable [] shapes;

  private List<GemmShape> parsed = List.of();

  @Override
  void checkOptions() {
    parsed = shapes == null ? GemmShape.USUAL : makeAll("--shapes", shapes, GemmShape::parse);
  }

  @Override
  String header() {
    return "threads  m x n x k             GFLOP/s   median    worst";
  }

  @Override
  void measure(Bench bench) {
    for (int threads : bench.threads()) {
      parsed.forEach(shape -> measure(bench, threads, shape));
    }
  }

  private static void measure(Bench bench, int threads, GemmShape shape) {
    Windows windows =
        bench
            .jmh()
            .run(
                GemmBenchmark.class,
                "gemm",
                Map.of(
                    "backend",
                    bench.backend(),
                    "threads",
                    threads,
                    "shape",
                    shape,
                    "repeats",
                    shape.repeats()));
    double kiloFlops = shape.flops() * shape.repeats() / 1e3; // in a microsecond: GFLOP/s
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("m", shape.m());
    row.put("n", shape.n());
    row.put("k", shape.k());
    row.put("threads", threads);
    row.put("backend", bench.backend());
    row.put("gflops", kiloFlops / windows.best());
    row.put("gflopsMedian", kiloFlops / windows.median());
    row.put("gflopsWorst", kiloFlops / windows.worst());
    bench
        .rows()
        .add(
            row,
            "%7d  %-20s %8.1f %8.1f %8.1f",
            threads,
            shape.m() + " x " + shape.n() + " x " + shape.k(),
            row.get("gflops"),
            row.get("gflopsMedian"),
            row.get("gflopsWorst"));
    bench.rows().profile("gemm", windows.profile());
  }
}
