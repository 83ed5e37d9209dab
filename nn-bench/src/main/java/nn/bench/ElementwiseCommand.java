package nn.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private PeakOption peak;

  private List<ElementwiseKernel> kernels = List.of();
  private final Rooflines rooflines = new Rooflines();

  @Override
  void checkOptions() {
    kernels =
        cases == null ? ElementwiseKernel.ALL : makeAll("--case", cases, ElementwiseKernel::named);
  }

  @Override
  String header() {
    return "threads  kernel                 elements  microseconds   median    worst     host     GB/s"
        + "  of a copy";
  }

  @Override
  void measure(Bench bench) {
    rooflines.peak(peak.measure(bench));
    for (int threads : bench.threads()) {
      Map<Integer, Double> copies = new HashMap<>();
      for (ElementwiseKernel kernel : kernels) {
        for (int elements : kernel.sizes()) {
          int copied = (int) (kernel.memory(elements) / ElementwiseKernel.COPY.memory(1));
          double copy =
              copies.computeIfAbsent(
                  copied, n -> speed(ElementwiseKernel.COPY, n, copyOf(bench, threads, n)));
          measure(bench, threads, kernel, elements, copy);
        }
      }
    }
  }

  @Override
  List<Figure> figures() {
    return rooflines.figures();
  }

  private static Windows copyOf(Bench bench, int threads, int elements) {
    return run(bench, threads, ElementwiseKernel.COPY, elements);
  }

  /** GB/s of the best window. */
  private static double speed(ElementwiseKernel kernel, int elements, Windows windows) {
    return kernel.bytes(elements) / windows.best() / 1e3;
  }

  private static Windows run(Bench bench, int threads, ElementwiseKernel kernel, int elements) {
    Map<String, Object> parameters = bench.parameters(threads);
    parameters.put("kernel", kernel.label());
    parameters.put("elements", elements);
    return bench.jmh().run(ElementwiseBenchmark.class, "elementwise", parameters);
  }

  /**
   * Measures a kernel.
   *
   * @param copy GB/s of a copy over as much memory
   */
  private void measure(
      Bench bench, int threads, ElementwiseKernel kernel, int elements, double copy) {
    Windows windows = run(bench, threads, kernel, elements);
    double speed = speed(kernel, elements, windows);
    Map<String, Object> row = bench.row(threads);
    row.put("kernel", kernel.label());
    row.put("elements", elements);
    row.put("micros", windows.best());
    row.put("microsMedian", windows.median());
    row.put("microsWorst", windows.worst());
    row.put("hostMicros", windows.host());
    row.put("gbPerSecond", speed);
    row.put("ofCopy", speed / copy);
    row.put("gflops", kernel.flopsPerElement() * elements / windows.best() / 1e3);
    bench
        .rows()
        .add(
            row,
            "%7d  %-21s %9d %13.1f %8.1f %8.1f %8.1f %8.1f %10.2f",
            threads,
            kernel.label(),
            elements,
            windows.best(),
            windows.median(),
            windows.worst(),
            windows.host(),
            speed,
            speed / copy);
    bench.rows().profile(kernel.label(), windows.profile());
    rooflines.add(threads, kernel, elements, windows.best(), copy);
  }
}
