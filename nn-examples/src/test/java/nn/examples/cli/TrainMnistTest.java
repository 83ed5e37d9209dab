package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import nn.data.NamedArray;
import nn.data.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole trainings through the command line, on the bundled subset of MNIST. */
class TrainMnistTest {
  @TempDir private Path folder;

  @Test
  void learnsAndLeavesItsResults() throws IOException {
    Path out = folder.resolve("run");
    Console console = new Console(6000);
    assertThat(train(console, out, "--epochs 3 --hidden 32")).as(console.err()).isZero();
    assertThat(console.out().lines().filter(line -> line.startsWith("epoch "))).hasSize(3);
    assertThat(console.out()).contains("backend ").contains("test accuracy").doesNotContain("\r");

    JsonNode result = JsonMapper.shared().readTree(out.resolve("result.json"));
    assertThat(result.propertyNames())
        .containsExactly(
            "command",
            "dataset",
            "model",
            "backend",
            "device",
            "seed",
            "threads",
            "parameters",
            "epochs",
            "testAccuracy",
            "trainSeconds",
            "wallSeconds");
    assertThat(result.get("dataset").asString()).isEqualTo("mnist-mini");
    assertThat(result.get("parameters").asInt()).isEqualTo(784 * 32 + 32 + 32 * 10 + 10);
    assertThat(result.get("epochs")).hasSize(3);
    assertThat(result.get("epochs").get(2).propertyNames())
        .containsExactly(
            "epoch", "trainLoss", "trainAccuracy", "testAccuracy", "seconds", "samplesPerSecond");
    assertThat(result.get("testAccuracy").asDouble()).isGreaterThan(0.86);
    assertThat(result.get("wallSeconds").asDouble())
        .isGreaterThan(result.get("trainSeconds").asDouble());

    List<String> steps = Files.readAllLines(out.resolve("steps.csv"));
    assertThat(steps).hasSize(1 + 3 * 47).first().isEqualTo("step,loss");
    for (String picture : List.of("loss.png", "accuracy.png")) {
      assertThat(ImageIO.read(out.resolve(picture).toFile()).getWidth()).isEqualTo(1000);
    }
    SafeTensors model = SafeTensors.read(out.resolve("model.safetensors"));
    assertThat(model.arrays()).extracting(NamedArray::size).contains(784 * 32, 32, 320, 10);
    assertThat(model.metadata().get("command")).contains("--hidden 32");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files).as("nothing half-written stays").hasSize(5);
    }
  }

  @Test
  void timingsAddUp() {
    Console console = new Console(600);
    assertThat(train(console, folder.resolve("run"), "--epochs 3 --hidden 8 --timings")).isZero();
    List<String> table =
        console.out().lines().dropWhile(line -> !line.contains("seconds  compilers")).toList();
    assertThat(table).hasSize(13);
    assertThat(table.get(6)).contains("first step: recorded");
    assertThat(table.get(9)).contains("steps of 2 more epochs, ");
    double[] seconds =
        table.stream()
            .skip(1)
            .map(line -> line.split(" {2,}")[2])
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertThat(Arrays.stream(seconds).min().orElseThrow()).isNotNegative();
    double sum = Arrays.stream(seconds, 0, 11).sum();
    assertThat(sum).as("%s", table).isCloseTo(seconds[11], within(0.2));
  }

  @Test
  void theSameSeedGivesTheSameRunBitForBit() throws IOException {
    String options = "--epochs 1 --hidden 16 --dropout 0.2 --seed ";
    List<String> first = losses(options + "7");
    assertThat(losses(options + "7")).isEqualTo(first);
    assertThat(losses(options + "7 --threads 1")).isEqualTo(first);
    assertThat(losses(options + "8")).isNotEqualTo(first);
  }

  private List<String> losses(String options) throws IOException {
    Path out = folder.resolve("run");
    Console console = new Console(700);
    assertThat(train(console, out, options)).as(console.err()).isZero();
    return Files.readAllLines(out.resolve("steps.csv"));
  }

  @Test
  void aDivergedRunSaysAtWhichStepAndKeepsFormerResults() throws IOException {
    Path out = folder.resolve("run");
    List<String> before = losses("--epochs 1 --hidden 16");
    Console console = new Console(1000);
    int code = train(console, out, "--hidden 16 --optimizer sgd --lr 1e30");
    assertThat(code).isEqualTo(1);
    assertThat(console.err()).containsPattern("at step \\d+").contains("smaller learning rate");
    assertThat(Files.readAllLines(out.resolve("steps.csv"))).isEqualTo(before);
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files).hasSize(5);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--model two-layer --lr 1",
        "--optimizer sgd --lr 0.1",
        "--optimizer momentum",
        "--optimizer nesterov",
        "--optimizer adagrad",
        "--optimizer rmsprop --lr 0.001",
        "--optimizer adam --weight-decay 0.001",
        "--optimizer adamw --weight-decay 0.1",
        "--activation sigmoid --init xavier --lr 0.01",
        "--activation tanh --batch-norm",
        "--activation gelu --init std:0.1",
        "--batch-norm --dropout 0.1",
        "--schedule one-cycle --clip-norm 1",
        "--schedule step:20:0.5",
        "--schedule warm-up:5"
      })
  void everyOptionLearns(String options) throws IOException {
    Path out = folder.resolve("run");
    Console console = new Console(500);
    int code = train(console, out, "--hidden 16 --batch 25 --epochs 4 " + options);
    assertThat(code).as(console.err()).isZero();
    JsonNode epochs = JsonMapper.shared().readTree(out.resolve("result.json")).get("epochs");
    double first = epochs.get(0).get("trainLoss").asDouble();
    double last = epochs.get(3).get("trainLoss").asDouble();
    assertThat(last).isLessThan(0.9 * first);
  }

  @Test
  void aTerminalShowsABarThatFills() {
    Console console = new Console(300).interactive();
    assertThat(train(console, folder.resolve("run"), "--epochs 1 --hidden 8")).isZero();
    assertThat(console.out()).contains("\r", "[####", "samples/s");
  }

  private static int train(Console console, Path out, String options) {
    List<String> arguments = new ArrayList<>(List.of("train", "mnist", "--out", out.toString()));
    arguments.addAll(List.of(options.split(" ")));
    return console.run(arguments.toArray(String[]::new));
  }
}
