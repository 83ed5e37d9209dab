package nn.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Gathers passes over memory as they are measured: a roofline for each number of threads. */
final class Rooflines {
  /** A pass that moved so many bytes, and the GB/s of a copy that moves as many. */
  private record Measured(String kernel, double bytes, double flops, double nanos, double copy) {
    Figure.Pass pass() {
      return new Figure.Pass(kernel, flops / bytes, flops / nanos);
    }
  }

  private final Map<Integer, List<Measured>> byThreads = new LinkedHashMap<>();
  private double peakOfAThread = Double.NaN;

  /** Sets GFLOP/s of one thread that computes in registers. */
  void peak(double gflops) {
    peakOfAThread = gflops;
  }

  /**
   * Adds a pass.
   *
   * @param micros how long it took
   * @param copy GB/s of a copy that moves as many bytes
   */
  void add(int threads, ElementwiseKernel kernel, int elements, double micros, double copy) {
    double flops = kernel.flopsPerElement() * elements;
    byThreads
        .computeIfAbsent(threads, t -> new ArrayList<>())
        .add(new Measured(kernel.label(), kernel.bytes(elements), flops, micros * 1e3, copy));
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    byThreads.forEach((threads, passes) ->
        figures.add(
            new Figure.Roofline(
                "Fused passes" + Figure.onThreads(threads),
                peakOfAThread * threads,
                levels(passes))));
    return figures;
  }

  /** Passes that move about as much, to a power of ten, lie in the same kind of memory. */
  private static List<Figure.Level> levels(List<Measured> passes) {
    Map<Long, List<Measured>> bySize = new TreeMap<>();
    for (Measured pass : passes) {
      long size = Math.round(Math.log10(pass.bytes()));
      bySize.computeIfAbsent(size, s -> new ArrayList<>()).add(pass);
    }
    return bySize.values().stream().map(Rooflines::level).toList();
  }

  private static String number(double megabytes) {
    return String.format(Locale.ROOT, megabytes < 10 ? "%.1f" : "%.0f", megabytes);
  }

  private static Figure.Level level(List<Measured> passes) {
    double least = passes.stream().mapToDouble(Measured::bytes).min().orElseThrow() / 1e6;
    double most = passes.stream().mapToDouble(Measured::bytes).max().orElseThrow() / 1e6;
    String name =
        most < 2 * least ? number(most) + " MB" : number(least) + " to " + number(most) + " MB";
    double copy = passes.stream().mapToDouble(Measured::copy).max().orElseThrow();
    // A copy computes nothing: it is the roof.
    List<Figure.Pass> computing =
        passes.stream().filter(pass -> pass.flops() > 0).map(Measured::pass).toList();
    return new Figure.Level(name, copy, computing);
  }
}
