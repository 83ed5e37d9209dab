package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.Shape;
import nn.data.Dataset;
import nn.data.Mnist;
import nn.data.SafeTensors;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.loss.Losses;
import nn.optim.Adam;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run that is killed and resumed ends bit for bit as one that was never stopped. */
class ResumeTest {
  private static final int KILLS = 10;

  /** Batches of 15: the last of an epoch is short. */
  private static final String OPTIONS =
      "--backend reference --epochs 12 --hidden 24 --batch 15 --batch-norm --dropout 0.2 --schedule one-cycle"
          + " --augment shift:1 --seed 5 --checkpoint-every 1";

  @TempDir private Path folder;

  @Test
  void aRunThatIsKilledTenTimesEndsAsOneThatWasNeverStopped() throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(start(train(whole)).waitFor()).isZero();
    SplittableRandom random = new SplittableRandom(4);
    int kills = 0;
    for (int run = 0; kills < KILLS; run++) {
      Path out = folder.resolve("killed-" + run);
      while (kills < KILLS && killed(start(command(out)), out, random.nextInt(400))) {
        kills++;
      }
      if (Files.exists(out.resolve(Resumption.CHECKPOINT))) {
        assertThat(start(command(out)).waitFor()).isZero();
      }
      assertSameRun(out, whole);
    }
  }

  /** Its kernels are recorded and compiled anew, and start in the middle of an epoch. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFastBackendGoesOnBitForBitToo(boolean convolutional) throws IOException {
    Dataset data = Mnist.mini().train().take(300);
    Layer model =
        convolutional
            ? Models.cnn(Shape.of(28, 28, 1), 10, Activations::relu, Initializers.he())
            : Models.mlp(784, new int[] {16}, 10, Activations::relu, Initializers.he(), true, 0.2);
    TrainerOptions options = TrainerOptions.of(32, 3, 1, new Adam(), 0.01);
    Path file = folder.resolve(Resumption.CHECKPOINT);
    try (Backend backend = Backends.choose(Backends.AUTO).create(BackendOptions.DEFAULT)) {
      Supplier<Trainer> trainer =
          () -> new Trainer(backend, model, Losses::softmaxCrossEntropy, options);
      List<Float> expected;
      try (Trainer whole = trainer.get()) {
        expected = whole.fit(data, null, List.of()).losses();
      }
      try (Trainer stopped = trainer.get()) {
        stopped.keepCheckpoints(file, 13, Map.of());
        stopped.fit(data, null, List.of());
      }
      try (Trainer resumed = trainer.get()) {
        resumed.resume(file, data);
        assertThat(resumed.stepsDone()).isEqualTo(26);
        assertThat(resumed.fit(data, null, List.of()).losses()).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatCannotBeResumedIsToldOf() throws IOException {
    Path out = folder.resolve("out");
    resumeFails(out, 1, "no such folder");
    Files.createDirectory(out);
    resumeFails(out, 1, "only a run with --checkpoint-every can be resumed");
    Files.createFile(out.resolve("result.json"));
    resumeFails(out, 1, "has finished");
    Path file = out.resolve(Resumption.CHECKPOINT);
    Files.write(file, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{'});
    resumeFails(out, 1, "truncated");
    String command = "train\nimages\n--data\nmissing";
    SafeTensors.write(file, Map.of(Resumption.ARGUMENTS, command), List.of());
    resumeFails(out, 2, "is a run of nn train images");
    SafeTensors.write(file, Map.of(Resumption.ARGUMENTS, "train\nmnist\n--hidden\n8"), List.of());
    resumeFails(out, 1, "is no checkpoint");
    resumeFails(out, 2, "leave out --lr", "--lr", "3");
  }

  private static void resumeFails(Path out, int code, String message, String... more) {
    Console console = new Console(100);
    List<String> arguments = new ArrayList<>(List.of("train", "mnist", "--resume", out + ""));
    arguments.addAll(List.of(more));
    assertThat(console.run(arguments.toArray(String[]::new))).isEqualTo(code);
    assertThat(console.err()).contains(message);
  }

  private static List<String> command(Path out) {
    return Files.exists(out.resolve(Resumption.CHECKPOINT))
        ? List.of("train", "mnist", "--resume", out.toString())
        : train(out);
  }

  private static List<String> train(Path out) {
    List<String> arguments = new ArrayList<>(List.of("train", "mnist", "--out", out.toString()));
    arguments.addAll(List.of(OPTIONS.split(" ")));
    return arguments;
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                MiniTraining.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  /** Lets a process get to its steps, then kills it soon; whether it had not ended by itself. */
  private static boolean killed(Process process, Path out, int millis) throws Exception {
    Path checkpoint = out.resolve(Resumption.CHECKPOINT);
    Object before = Files.exists(checkpoint) ? Files.getLastModifiedTime(checkpoint) : "none";
    while (process.isAlive()
        && !(Files.exists(checkpoint) && !before.equals(modified(checkpoint)))) {
      Thread.sleep(5);
    }
    if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      assertThat(process.exitValue()).isZero();
      return false;
    }
    process.destroyForcibly().waitFor();
    return true;
  }

  private static Object modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return "gone";
    }
  }

  private static void assertSameRun(Path run, Path whole) throws IOException {
    assertThat(run.resolve("steps.csv")).hasSameBinaryContentAs(whole.resolve("steps.csv"));
    SafeTensors model = SafeTensors.read(run.resolve("model.safetensors"));
    SafeTensors expected = SafeTensors.read(whole.resolve("model.safetensors"));
    assertThat(model.arrays()).isEqualTo(expected.arrays());
    assertThat(withoutCommand(model)).isEqualTo(withoutCommand(expected));
    assertThat(epochs(run)).hasSize(12).isEqualTo(epochs(whole));
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("nothing half-written stays")
          .containsExactlyInAnyOrder(
              "result.json", "steps.csv", "model.safetensors", "loss.png", "accuracy.png");
    }
  }

  /** The command names the folder. */
  private static Map<String, String> withoutCommand(SafeTensors model) {
    Map<String, String> metadata = new HashMap<>(model.metadata());
    assertThat(metadata.remove("command")).startsWith("nn train mnist --out ");
    assertThat(metadata.remove(Resumption.ARGUMENTS)).startsWith("train\nmnist\n--out");
    return metadata;
  }

  /** All but what took time. */
  private static List<String> epochs(Path run) {
    List<String> epochs = new ArrayList<>();
    for (JsonNode epoch : JsonMapper.shared().readTree(run.resolve("result.json")).get("epochs")) {
      epochs.add(
          epoch.get("epoch")
              + " "
              + epoch.get("trainLoss")
              + " "
              + epoch.get("trainAccuracy")
              + " "
              + epoch.get("testAccuracy"));
    }
    return epochs;
  }
}
