package nn.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import nn.bench.Measurement.Bench;
import nn.bench.peer.GemmPeer;

/** The libraries that a run of {@code nn bench gemm} measures beside nn, and how they compare. */
final class GemmPeers {
  /** nn's figure by a peer's. */
  private record Comparison(String peer, int threads, GemmShape shape, double ratio) {}

  private final List<String> names;
  private final List<Comparison> comparisons = new ArrayList<>();

  private GemmPeers(List<String> names) {
    this.names = new ArrayList<>(names);
  }

  static GemmPeers none() {
    return new GemmPeers(List.of());
  }

  /**
   * Finds peers.
   *
   * @param wanted their names; none for all
   * @throws IllegalArgumentException if one of the names, or any peer at all, is not on the class
   *     path
   */
  static GemmPeers find(String... wanted) {
    List<String> found =
        ServiceLoader.load(GemmPeer.class).stream().map(p -> p.get().name()).sorted().toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no other library is on the class path; the launcher ./nn puts them there");
    }
    for (String name : wanted) {
      if (!found.contains(name)) {
        throw new IllegalArgumentException(
            "\"" + name + "\" is none of " + String.join(", ", found));
      }
    }
    return new GemmPeers(wanted.length == 0 ? found : Arrays.asList(wanted));
  }

  /**
   * Measures the peers, one after the other.
   *
   * @param ours GFLOP/s of nn
   * @param bars where the peers' are added
   */
  void measure(Bench bench, int threads, GemmShape shape, double ours, BarFigures bars) {
    for (String name : List.copyOf(names)) {
      try {
        GemmFigures figures = run(bench, name, threads, shape);
        double ratio = ours / figures.best();
        comparisons.add(new Comparison(name, threads, shape, ratio));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("peer", name);
        figures.addTo(row);
        row.put("ratio", ratio);
        bench.rows().add(row, "%s %10.2f", figures.lineOf(name), ratio);
        bars.add(threads, shape.label(), name, figures.best());
      } catch (Jmh.Failure e) {
        names.remove(name);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("peer", name);
        row.put("error", e.reason());
        bench.rows().add(row, "         %-20s cannot be measured here: %s", name, e.reason());
      }
    }
  }

  private static GemmFigures run(Bench bench, String name, int threads, GemmShape shape) {
    Map<String, ?> parameters =
        Map.of("peer", name, "threads", threads, "shape", shape, "repeats", shape.repeats());
    return GemmFigures.of(
        shape, "NN", threads, bench.jmh().run(PeerBenchmark.class, "gemm", parameters));
  }

  /** Says how nn did against each peer that was measured: the mean, and the worst shape. */
  void summarize(Bench bench) {
    for (int threads : bench.threads()) {
      for (String name : names) {
        List<Comparison> own =
            comparisons.stream()
                .filter(c -> c.threads() == threads && c.peer().equals(name))
                .sorted((x, y) -> Double.compare(x.ratio(), y.ratio()))
                .toList();
        double logs = own.stream().mapToDouble(c -> Math.log(c.ratio())).average().orElseThrow();
        Comparison worst = own.getFirst();
        bench
            .rows()
            .say(
                String.format(
                    Locale.ROOT,
                    "nn / %s, threads %d: geometric mean %.2f, least %.2f at %s",
                    name,
                    threads,
                    Math.exp(logs),
                    worst.ratio(),
                    worst.shape().label()));
      }
    }
  }
}
