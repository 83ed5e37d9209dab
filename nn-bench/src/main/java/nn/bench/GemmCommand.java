package nn.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nn bench gemm}. */
@Command(name = "gemm", description = "Matrix products in F32: GFLOP/s.")
final class GemmCommand extends Measurement {
  private static final String ALL = "all";
  private static final List<String> FORMS = List.of("NN", "TN", "NT", "TT");

  @Option(
      names = "--shapes",
      paramLabel = "M,N,K",
      split = ";",
      description = "Shapes such as \"128,100,784;32,32,32\"; by default fourteen usual ones.")
  private String @Nullable [] shapes;

  @Option(
      names = "--forms",
      paramLabel = "NN,TN,NT,TT",
      split = ",",
      description = "Which factors lie there transposed, T, and which do not, N; by default NN.")
  private String[] forms = {"NN"};

  @Mixin private PeakOption peak;

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
  private final BarFigures bars = new BarFigures("Matrix products", "GFLOP/s", false);

  @Override
  void checkOptions() {
    parsed = shapes == null ? GemmShape.USUAL : makeAll("--shapes", shapes, GemmShape::parse);
    makeAll("--forms", forms, GemmCommand::form);
    if (wanted != null) {
      String[] names = Stream.of(wanted).filter(name -> !name.equals(ALL)).toArray(String[]::new);
      peers = make("--peers", () -> GemmPeers.find(names));
    }
  }

  private static String form(String name) {
    if (!FORMS.contains(name)) {
      throw new IllegalArgumentException("\"" + name + "\" is none of " + String.join(", ", FORMS));
    }
    return name;
  }

  @Override
  String header() {
    return wanted == null ? GemmFigures.HEADER : GemmFigures.HEADER + "  nn / peer";
  }

  @Override
  void measure(Bench bench) {
    double peakOfAThread = peak.measure(bench);
    for (int threads : bench.threads()) {
      for (GemmShape shape : parsed) {
        for (String form : forms) {
          GemmFigures ours = measure(bench, threads, shape, form, peakOfAThread * threads);
          String name = form.equals("NN") ? "nn" : "nn, " + form;
          bars.add(threads, shape.label(), name, ours.best());
          if (form.equals("NN")) {
            peers.measure(bench, threads, shape, ours.best(), bars);
          }
        }
      }
    }
    peers.summarize(bench);
  }

  @Override
  List<Figure> figures() {
    return bars.figures();
  }

  private static GemmFigures measure(
      Bench bench, int threads, GemmShape shape, String form, double peak) {
    Map<String, Object> parameters = bench.parameters(threads);
    parameters.put("shape", shape);
    parameters.put("form", form);
    parameters.put("repeats", shape.repeats());
    Windows windows = bench.jmh().run(GemmBenchmark.class, "gemm", parameters);
    GemmFigures figures = GemmFigures.of(shape, form, threads, windows);
    Map<String, Object> row = bench.row(threads);
    figures.addTo(row);
    String part = "";
    if (!Double.isNaN(peak)) {
      row.put("ofPeak", figures.best() / peak);
      part = String.format(Locale.ROOT, "  %.2f of the peak", figures.best() / peak);
    }
    bench.rows().add(row, "%s%s", figures.line(), part);
    bench.rows().profile("gemm", windows.profile());
    return figures;
  }
}
