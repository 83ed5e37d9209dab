package nn.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nn bench gemm}. */
@Command(name = "gemm", description = "Matrix products in F32: GFLOP/s.")
final class GemmCommand extends Measurement {
  private static final String ALL = "all";

  @Option(
      names = "--shapes",
      paramLabel = "M,N,K",
      split = ";",
      description = "Shapes such as \"128,100,784;32,32,32\"; by default fourteen usual ones.")
  private String @Nullable [] shapes;

  @Option(
      names = "--peers",
      arity = "0..1",
      fallbackValue = ALL,
      paramLabel = "NAME",
      split = ",",
      description = {
        "Measure other libraries beside nn, and give nn's speed by theirs: all of them, or those"
            + " named, of mkl, nd4j, openblas and pytorch. The launcher fetches them by Maven."
      })
  private String @Nullable [] wanted;

  private List<GemmShape> parsed = List.of();
  private GemmPeers peers = GemmPeers.none();

  @Override
  void checkOptions() {
    parsed = shapes == null ? GemmShape.USUAL : makeAll("--shapes", shapes, GemmShape::parse);
    if (wanted != null) {
      String[] names = Stream.of(wanted).filter(name -> !name.equals(ALL)).toArray(String[]::new);
      peers = make("--peers", () -> GemmPeers.find(names));
    }
  }

  @Override
  String header() {
    return wanted == null ? GemmFigures.HEADER : GemmFigures.HEADER + "  nn / peer";
  }

  @Override
  void measure(Bench bench) {
    for (int threads : bench.threads()) {
      for (GemmShape shape : parsed) {
        GemmFigures ours = measure(bench, threads, shape);
        peers.measure(bench, threads, shape, ours.best());
      }
    }
    peers.summarize(bench);
  }

  private static GemmFigures measure(Bench bench, int threads, GemmShape shape) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("backend", bench.backend());
    parameters.put("threads", threads);
    parameters.put("shape", shape);
    parameters.put("repeats", shape.repeats());
    Windows windows = bench.jmh().run(GemmBenchmark.class, "gemm", parameters);
    GemmFigures figures = GemmFigures.of(shape, threads, windows);
    bench.rows().add(figures.row("backend", bench.backend()), "%s", figures.line());
    bench.rows().profile("gemm", windows.profile());
    return figures;
  }
}
