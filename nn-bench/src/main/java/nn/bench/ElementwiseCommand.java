package nn.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nn bench elementwise}. */
@Command(
    name = "elementwise",
    description = "Fused passes over memory, a copy for comparison: microseconds and GB/s.")
final class ElementwiseCommand extends Measurement {
  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "copy, adam, bias-gelu, softmax-cross-entropy; by default all.")
  private String @Nullable [] cases;

  private List<ElementwiseKernel> kernels = List.of();

  @Override
  void checkOptions() {
    kernels =
        cases == null ? ElementwiseKernel.ALL : makeAll("--case", cases, ElementwiseKernel::named);
  }

  @Override
  String header() {
    return "threads  kernel                 elements  microseconds   median    worst     GB/s";
  }

  @Override
  void measure(Bench bench) {
    for (int threads : bench.threads()) {
      for (ElementwiseKernel kernel : kernels) {
        kernel.sizes().forEach(elements -> measure(bench, threads, kernel, elements));
      }
    }
  }

  private static void measure(Bench bench, int threads, ElementwiseKernel kernel, int elements) {
    Windows windows =
        bench
            .jmh()
            .run(
                ElementwiseBenchmark.class,
                "elementwise",
                Map.of(
                    "backend",
                    bench.backend(),
                    "threads",
                    threads,
                    "kernel",
                    kernel.label(),
                    "elements",
                    elements));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("kernel", kernel.label());
    row.put("elements", elements);
    row.put("threads", threads);
    row.put("backend", bench.backend());
    row.put("micros", windows.best());
    row.put("microsMedian", windows.median());
    row.put("microsWorst", windows.worst());
    row.put("gbPerSecond", kernel.bytes(elements) / windows.best() / 1e3);
    bench
        .rows()
        .add(
            row,
            "%7d  %-21s %9d %13.1f %8.1f %8.1f %8.1f",
            threads,
            kernel.label(),
            elements,
            windows.best(),
            windows.median(),
            windows.worst(),
            row.get("gbPerSecond"));
    bench.rows().profile(kernel.label(), windows.profile());
  }
}
