package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.data.Mnist;
import nn.examples.experiment.Experiment;
import nn.examples.experiment.Experiments;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The experiments; those that train do so on the bundled subset of MNIST. */
class ExampleTest {
  private static final Offset<Double> NINE_DIGITS = Offset.offset(5e-9);

  private static Backends.Choice choice;
  private static Backend backend;

  @TempDir private Path folder;

  /** One for all tests: its kernels are compiled once. */
  @BeforeAll
  static void makeTheBackend() {
    choice = Backends.choose(Backends.AUTO);
    backend = choice.create(BackendOptions.DEFAULT);
  }

  @AfterAll
  static void closeTheBackend() {
    backend.close();
  }

  private JsonNode run(String arguments) throws IOException {
    List<String> words = List.of(arguments.split(" "));
    Experiment experiment = named(words.getFirst());
    new CommandLine(experiment).parseArgs(words.subList(1, words.size()).toArray(String[]::new));
    experiment.check();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err, true), false);
    new ExampleRunner(terminal, choice, backend, 0, messages -> Mnist.mini())
        .run(experiment, words.getFirst(), arguments, RunFolder.prepare(folder, "test"));
    assertThat(err.toString()).isEmpty();
    return JsonMapper.shared().readTree(folder.resolve("result.json"));
  }

  private static Experiment named(String name) {
    return Experiments.all().stream()
        .map(Supplier::get)
        .filter(experiment -> new CommandLine(experiment).getCommandName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private int runIn(Console console, String arguments) {
    List<String> all = new ArrayList<>(List.of("example"));
    all.addAll(List.of(arguments.split(" ")));
    all.addAll(List.of("--out", folder.toString()));
    return console.run(all.toArray(String[]::new));
  }

  private static double[] reals(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }

  private void assertPictures(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".png")))
          .containsExactlyInAnyOrder(names);
    }
    for (String name : names) {
      BufferedImage image = ImageIO.read(folder.resolve(name).toFile());
      int drawn = 0;
      for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
        drawn +=
            (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xffffff) < 0xffffff
                ? 1
                : 0;
      }
      assertThat(drawn).as(name).isGreaterThan(2000);
    }
  }

  @Test
  void losses() throws IOException {
    JsonNode result = run("losses");
    assertThat(result.get("meanSquaredError").asDouble()).isCloseTo(0.0195, Offset.offset(1e-15));
    assertThat(result.get("crossEntropy").asDouble())
        .isCloseTo(0.510825457099338, Offset.offset(1e-14));
    assertThat(result.get("crossEntropyOfLabel").asDouble())
        .isEqualTo(result.get("crossEntropy").asDouble());
    assertThat(result.get("lossOfLogitsOf10000").asDouble())
        .isCloseTo(1 + Math.log1p(Math.exp(-1)), NINE_DIGITS);
    for (String loss : List.of("halfSquaredError", "binaryCrossEntropy")) {
      assertThat(reals(result.get(loss).get("backpropagation")))
          .containsExactly(reals(result.get(loss).get("formula")), Offset.offset(1e-12));
    }
    assertThat(reals(result.get("logits")))
        .containsExactly(new double[] {0.56284415, -0.07093682, -0.68461626}, Offset.offset(1e-8));
    assertThat(result.get("loss").asDouble()).isCloseTo(1.84509512, NINE_DIGITS);
    for (String gradient : List.of("dW", "dWByDifferences")) {
      assertThat(reals(result.get(gradient).get(0)))
          .containsExactly(new double[] {.33006634, .17512722, -.50519357}, NINE_DIGITS);
      assertThat(reals(result.get(gradient).get(1)))
          .containsExactly(new double[] {.49509952, .26269083, -.75779035}, NINE_DIGITS);
    }
  }

  @Test
  void gradientDescent() throws IOException {
    JsonNode result = run("gradient-descent");
    assertThat(result.propertyNames()).containsExactly("lr=0.1", "lr=10", "lr=1e-10", "path");
    assertEnd(result.get("lr=0.1"), -6.11110793e-10, 8.14814391e-10);
    assertEnd(result.get("lr=10"), -2.58983747e+13, -1.29524862e+12);
    assertEnd(result.get("lr=1e-10"), -2.99999994, 3.99999992);
    assertThat(result.get("path")).hasSize(20);
    for (int i = 0; i < 20; i++) {
      double left = Math.pow(0.8, i);
      assertThat(reals(result.get("path").get(i)))
          .containsExactly(new double[] {-3 * left, 4 * left}, Offset.offset(1e-9));
    }
    assertPictures("path.png");
  }

  private static void assertEnd(JsonNode end, double x0, double x1) {
    assertThat(end.get("x").get(0).asDouble() / x0).isCloseTo(1, NINE_DIGITS);
    assertThat(end.get("x").get(1).asDouble() / x1).isCloseTo(1, NINE_DIGITS);
  }

  @Test
  void linearRegression() throws IOException {
    JsonNode result = run("linear-regression --features 3,20 --steps 150");
    assertThat(result.get("difference").asDouble()).isLessThan(1e-4);
    assertThat(result.get("normalEquation").propertyNames()).containsExactly("a", "b");
    assertThat(result.get("normalEquation").get("a").asDouble())
        .isCloseTo(1.5, Offset.offset(0.15));
    assertThat(result.get("normalEquation").get("b").asDouble()).isCloseTo(2, Offset.offset(0.15));
    assertThat(result.get("cost")).hasSize(2);
    assertThat(result.get("cost").get(1).get("difference").asDouble()).isLessThan(1e-4);
    assertPictures("cost.png", "line.png");
  }

  @Test
  void numericalGradient() throws IOException {
    JsonNode largest = run("numerical-gradient").get("largestRelativeDifference");
    assertThat(largest.propertyNames()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
    largest.forEach(difference -> assertThat(difference.asDouble()).isLessThan(1e-6));
  }

  @Test
  void optimizerPaths() throws IOException {
    JsonNode result = run("optimizer-paths");
    assertThat(result.propertyNames()).containsExactly("SGD", "Momentum", "AdaGrad", "Adam");
    assertPath(result.get("SGD"), new SgdRule(), new SgdRule());
    assertPath(result.get("Momentum"), new MomentumRule(), new MomentumRule());
    assertPath(result.get("AdaGrad"), new AdaGradRule(), new AdaGradRule());
    assertPath(result.get("Adam"), new AdamRule(), new AdamRule());
    assertPictures("gradients.png", "paths.png");
  }

  /** The notes' update of one number, written out. */
  private abstract static class Rule {
    double first;
    double second;

    abstract double change(double g, int step);
  }

  private static final class SgdRule extends Rule {
    @Override
    double change(double g, int step) {
      return -0.95 * g;
    }
  }

  private static final class MomentumRule extends Rule {
    @Override
    double change(double g, int step) {
      first = 0.9 * first - 0.1 * g;
      return first;
    }
  }

  private static final class AdaGradRule extends Rule {
    @Override
    double change(double g, int step) {
      first += g * g;
      return -1.5 * g / (Math.sqrt(first) + 1e-7);
    }
  }

  private static final class AdamRule extends Rule {
    @Override
    double change(double g, int step) {
      first += 0.1 * (g - first);
      second += 0.001 * (g * g - second);
      double rate = 0.3 * Math.sqrt(1 - Math.pow(0.999, step)) / (1 - Math.pow(0.9, step));
      return -rate * first / (Math.sqrt(second) + 1e-7);
    }
  }

  private static void assertPath(JsonNode path, Rule ruleOfX, Rule ruleOfY) {
    assertThat(path.get("x")).hasSize(30);
    assertThat(path.get("y")).hasSize(30);
    double x = -7;
    double y = 2;
    for (int i = 0; i < 30; i++) {
      assertThat(path.get("x").get(i).asDouble()).isCloseTo(x, Offset.offset(1e-4));
      assertThat(path.get("y").get(i).asDouble()).isCloseTo(y, Offset.offset(1e-4));
      double dx = ruleOfX.change(x / 10, i + 1);
      double dy = ruleOfY.change(2 * y, i + 1);
      x += dx;
      y += dy;
    }
  }

  @Test
  void twoLayerNet() throws IOException {
    JsonNode result = run("two-layer-net --steps 650");
    assertThat(result.propertyNames()).containsExactly("trainAccuracy", "testAccuracy", "loss");
    assertThat(result.get("trainAccuracy")).hasSize(2);
    assertThat(result.get("loss")).hasSize(650);
    assertThat(result.get("loss").get(0).asDouble()).isBetween(2.2, 2.4);
    assertThat(reals(result.get("testAccuracy"))).isSorted();
    assertThat(result.get("testAccuracy").get(1).asDouble()).isGreaterThan(0.7);
    assertPictures("accuracy.png", "loss.png");
  }

  @Test
  void optimizerCompare() throws IOException {
    JsonNode result = run("optimizer-compare --steps 20");
    assertThat(result.propertyNames())
        .containsExactly("SGD", "Momentum", "AdaGrad", "Adam", "RMSprop");
    for (JsonNode curve : result) {
      assertThat(curve).hasSize(20);
      assertThat(curve.get(0).asDouble())
          .as("same start, same batch")
          .isEqualTo(result.get("SGD").get(0).asDouble());
      assertThat(curve.get(19).asDouble()).isLessThan(curve.get(0).asDouble());
    }
    assertPictures("loss.png");
  }

  @Test
  void weightInitCompare() throws IOException {
    JsonNode result = run("weight-init-compare --steps 250");
    assertThat(result.propertyNames()).containsExactly("std=0.01", "Xavier", "He", "zeros");
    for (String name : List.of("std=0.01", "zeros")) {
      assertThat(Arrays.stream(reals(result.get(name)))).allMatch(loss -> loss > 2.2 && loss < 2.4);
    }
    assertThat(result.get("He").get(249).asDouble()).isLessThan(1.5);
    assertThat(result.get("Xavier").get(249).asDouble()).isLessThan(2.15);
  }

  @Test
  void activationHistogram() throws IOException {
    JsonNode result = run("activation-histogram");
    JsonNode saturated = result.get("sigmoid").get("std=1").get(4);
    assertThat(saturated).hasSize(30);
    assertThat(saturated.get(0).asInt() + saturated.get(29).asInt()).isGreaterThan(50_000);
    JsonNode alike = result.get("sigmoid").get("std=0.01").get(4);
    assertThat(alike.get(14).asInt() + alike.get(15).asInt()).isGreaterThan(95_000);
    JsonNode spread = result.get("sigmoid").get("Xavier").get(4);
    assertThat(spread.get(0).asInt() + spread.get(29).asInt()).isLessThan(1000);
    JsonNode vanished = result.get("ReLU").get("std=0.01").get(4);
    assertThat(vanished.get(0).asInt()).isEqualTo(100_000);
    assertThat(result.get("ReLU").get("He").get(4).get(0).asInt()).isLessThan(70_000);
    assertThat(folder.resolve("tanh-He.png")).isNotEmptyFile();
  }

  @Test
  void batchNorm() throws IOException {
    JsonNode result = run("batch-norm --scales 3 --epochs 6");
    assertThat(reals(result.get("scales")))
        .containsExactly(new double[] {1, 1e-2, 1e-4}, Offset.offset(1e-12));
    for (JsonNode course : result.get("withBatchNorm")) {
      assertThat(course).hasSize(6);
    }
    assertThat(result.get("withBatchNorm").get(1).get(5).asDouble()).isGreaterThan(0.4);
    assertThat(result.get("without").get(1).get(5).asDouble()).isLessThan(0.2);
    assertThat(result.get("withoutDivergedAtStep").propertyNames()).containsExactly("1.0");
    assertPictures("accuracy.png");
  }

  @Test
  void overfit() throws IOException {
    JsonNode plain = run("overfit --epochs 120");
    assertThat(plain.get("trainAccuracy")).hasSize(120);
    assertThat(plain.get("trainAccuracy").get(119).asDouble()).isGreaterThan(0.9);
    assertThat(plain.get("gap").asDouble()).isGreaterThan(0.1);
    assertPictures("accuracy.png");
  }

  @Test
  void overfitTakesItsRemedies() throws IOException {
    JsonNode both = run("overfit --weight-decay --dropout --epochs 2");
    assertThat(both.get("weightDecay").asDouble()).isEqualTo(0.1);
    assertThat(both.get("dropout").asDouble()).isEqualTo(0.15);
  }

  @Test
  void aSearchThatWasStoppedEndsAsOneThatWasNot() throws IOException {
    String options = "hyperparameter-search --trials 3 --fine-trials 2 --epochs 2 --parallel 1";
    JsonNode result = run(options);
    assertThat(result.get("trials")).hasSize(5);
    double[] scores = new double[5];
    for (int i = 0; i < 5; i++) {
      scores[4 - i] = result.get("trials").get(i).get("validationAccuracy").asDouble();
    }
    assertThat(scores).isSorted();
    assertThat(result.get("bestValidationAccuracy").asDouble()).isEqualTo(scores[4]);
    assertPictures("best.png");

    Path journal = folder.resolve("journal.jsonl");
    List<String> lines = Files.readAllLines(journal);
    assertThat(lines).hasSize(6);
    Files.writeString(
        journal, String.join("\n", lines.subList(0, 4)) + "\n" + lines.get(4).substring(0, 30));
    assertThat(run(options)).isEqualTo(result);

    Console other = new Console(6000);
    assertThat(runIn(other, options + " --seed 1")).isEqualTo(1);
    assertThat(other.err()).contains("journal of another search");
  }

  @Test
  void ensemble() throws IOException {
    JsonNode result = run("ensemble --nets 2 --epochs 1");
    assertThat(result.get("alone")).hasSize(2);
    assertThat(result.get("ensemble").asDouble())
        .isGreaterThan(result.get("meanOfAlone").asDouble());
  }

  @Test
  void allOnOnePage() throws IOException {
    Console console = new Console(300);
    int code = runIn(console, "all --only losses,gradient-descent,optimizer-paths --backend cpu");
    assertThat(code).as(console.err()).isZero();
    String page = Files.readString(folder.resolve("index.html"));
    assertThat(page)
        .contains("<h2 id=\"losses\">", "<code>./nn example gradient-descent</code>", "<td>")
        .doesNotContain("src=\"http", "href=\"http");
    assertThat(page.split("data:image/png;base64,", -1)).hasSize(1 + 3);
    for (String id : List.of("losses", "gradient-descent", "optimizer-paths")) {
      assertThat(folder.resolve(id).resolve("result.json")).isNotEmptyFile();
    }
  }
}
