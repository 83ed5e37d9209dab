package nn.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers passes over memory as they are measured: a roofline for each number of threads. */
final class Rooflines {
  /** How much a level's largest memory is larger than its smallest, at most. */
  private static final double LEVEL = 4;

  /** A pass that moved so many bytes in so much memory, and the GB/s of a copy over as much. */
  private record Measured(
      String kernel, double bytes, double memory, double flops, double nanos, double copy) {
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
   * @param copy GB/s of a copy over as much memory
   */
  void add(int threads, ElementwiseKernel kernel, int elements, double micros, double copy) {
    Measured pass =
        new Measured(
            kernel.label(),
            kernel.bytes(elements),
            kernel.memory(elements),
            (double) kernel.flopsPerElement() * elements,
            micros * 1e3,
            copy);
    byThreads.computeIfAbsent(threads, t -> new ArrayList<>()).add(pass);
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

  /** Passes over about as much memory share a roof. */
  private static List<Figure.Level> levels(List<Measured> passes) {
    List<List<Measured>> levels = new ArrayList<>();
    for (Measured pass :
        passes.stream().sorted(Comparator.comparingDouble(Measured::memory)).toList()) {
      if (levels.isEmpty() || pass.memory() >= LEVEL * levels.getLast().getFirst().memory()) {
        levels.add(new ArrayList<>());
      }
      levels.getLast().add(pass);
    }
    return levels.stream().map(Rooflines::level).toList();
  }

  private static String number(double megabytes) {
    return String.format(Locale.ROOT, megabytes < 10 ? "%.1f" : "%.0f", megabytes);
  }

  private static Figure.Level level(List<Measured> passes) {
    double least = passes.getFirst().memory() / 1e6;
    double most = passes.getLast().memory() / 1e6;
    String name =
        most < 2 * least ? number(most) + " MB" : number(least) + " to " + number(most) + " MB";
    double copy = passes.stream().mapToDouble(Measured::copy).max().orElseThrow();
    // A copy computes nothing: it is the roof.
    List<Figure.Pass> computing =
        passes.stream().filter(pass -> pass.flops() > 0).map(Measured::pass).toList();
    return new Figure.Level(name, copy, computing);
  }
}
