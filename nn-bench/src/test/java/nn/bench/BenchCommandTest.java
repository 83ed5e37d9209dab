package nn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That a measurement in a JVM of its own arrives in the file, in the form that readers expect. */
class BenchCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final List<Figure> drawn = new ArrayList<>();

  /** Figures do not matter here, so another benchmark may run at the same time. */
  @BeforeAll
  static void ignoreLock() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void gemmRows() throws IOException {
    JsonNode rows = gemm("8,6,4", "--forms", "TN", "--peak", "--precision", "tf32");
    assertThat(rows.get(0).get("peak").asString()).isEqualTo("fma");
    JsonNode row = rows.get(1);
    assertThat(row.get("form").asString()).isEqualTo("TN");
    assertThat(row.get("ofPeak").asDouble() * rows.get(0).get("gflops").asDouble())
        .isCloseTo(row.get("gflops").asDouble(), within(1e-6));
    assertThat(row.propertyNames())
        .contains("m", "n", "k", "threads", "backend", "device", "precision", "gflops");
    assertThat(row.get("precision").asString()).isEqualTo("tf32");
    assertThat(row.get("k").asInt()).isEqualTo(4);
    double best = row.get("gflops").asDouble();
    assertThat(best).isPositive();
    assertThat(row.get("gflopsMedian").asDouble()).isPositive().isLessThanOrEqualTo(best);
    assertThat(row.get("gflopsWorst").asDouble()).isPositive().isLessThanOrEqualTo(best);
    assertThat(out.toString()).contains("8 x 6 x 4");
  }

  @Test
  void stepRowsWithAProfile() throws IOException {
    JsonNode rows = measure("step", "--case", "two-layer", "--mode", "plan", "--prof", "gc");
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).get("mode").asString()).isEqualTo("plan");
    JsonNode row = rows.get(0);
    assertThat(row.propertyNames())
        .contains(
            "case",
            "mode",
            "backend",
            "device",
            "precision",
            "batch",
            "threads",
            "stepMicros",
            "forwardMicros",
            "forwardBackwardMicros",
            "samplesPerSecond");
    assertThat(row.get("samplesPerSecond").asDouble() * row.get("stepMicros").asDouble())
        .isCloseTo(100 * 1e6, within(1.0));
    assertThat(row.get("stepMicros").asDouble())
        .as("the device's time is part of the host's")
        .isLessThan(row.get("hostMicros").asDouble());
    assertThat(out.toString()).contains("gc.alloc.rate.norm").doesNotContain("deviceNanos");
  }

  @Test
  void peersAreMeasuredOrSayWhyNot() throws IOException {
    Path chart = folder.resolve("chart.png");
    JsonNode rows = gemm("8,6,4;3,2,1", "--peers=fake,missing", "--chart", chart.toString());
    assertThat(chart).hasContent("1 drawn");
    Figure.Bars bars = (Figure.Bars) drawn.getFirst();
    assertThat(bars.groups()).containsExactly("8 x 6 x 4", "3 x 2 x 1");
    assertThat(bars.series()).containsOnlyKeys("nn", "fake");
    assertThat(rows).hasSize(5);
    JsonNode fake = rows.get(1);
    assertThat(fake.get("peer").asString()).isEqualTo("fake");
    assertThat(fake.get("ratio").asDouble() * fake.get("gflops").asDouble())
        .isCloseTo(rows.get(0).get("gflops").asDouble(), within(1e-6));
    assertThat(rows.get(2).get("peer").asString()).isEqualTo("missing");
    assertThat(rows.get(2).get("error").asString())
        .contains("UnsatisfiedLinkError", "libmissing.so: cannot open");
    assertThat(rows.get(4).get("peer").asString()).as("once failed is enough").isEqualTo("fake");
    assertThat(out.toString()).contains("nn / fake, threads 1: geometric mean", "libmissing.so");
  }

  @Test
  void aProfileNamesCommandsAndSpeeds() {
    CommandLine line = new CommandLine(new BenchCommand(this::draw));
    line.setOut(new PrintWriter(out, true));
    assertThat(line.execute("--profile", "two-layer", "--threads", "1", "--precision", "bf16"))
        .isZero();
    assertThat(out.toString()).contains("us/call", "gemm m=100 n=50 k=784");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemm --peers=fake,nobody | \"nobody\" is none of fake, missing, wrong",
        "step --precision f16 | no precision is called \"f16\"; there are: f32, tf32, bf16",
        "--profile mlp --precision f16 | there are: f32, tf32, bf16",
        "elementwise --chart passes.gif | --chart: \"passes.gif\" must end with .png",
        "--backend cpu gemm --quick | --backend stands before gemm, where it has no effect",
        "elementwise --threads 0 | --threads must be at least 1, not 0",
      })
  void wrongUse(String arguments, String message) {
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(new BenchCommand(this::draw));
    line.setErr(new PrintWriter(err, true));
    assertThat(line.execute(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  private byte[] draw(List<Figure> figures) {
    drawn.addAll(figures);
    return (figures.size() + " drawn").getBytes(StandardCharsets.UTF_8);
  }

  /** On the backend that is ready at once: kernels of vectors would have to be compiled first. */
  private JsonNode gemm(String shapes, String... options) throws IOException {
    String[] common = {"--backend", "reference", "--shapes", shapes};
    return measure("gemm", Stream.of(common, options).flatMap(Stream::of).toArray(String[]::new));
  }

  private JsonNode measure(String what, String... options) throws IOException {
    Path file = folder.resolve("rows.json");
    String[] common = {what, "--quick", "--threads", "1", "--json", file.toString()};
    String[] arguments = Stream.of(common, options).flatMap(Stream::of).toArray(String[]::new);
    CommandLine line = new CommandLine(new BenchCommand(this::draw));
    line.setOut(new PrintWriter(out, true));
    assertThat(line.execute(arguments)).isZero();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).as("nothing half-written stays").hasSizeLessThanOrEqualTo(2);
    }
    return JsonMapper.shared().readTree(file);
  }
}
