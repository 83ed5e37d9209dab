package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import nn.data.Dataset;
import nn.data.Idx;
import nn.data.Mnist;
import nn.data.NamedArray;
import nn.data.SafeTensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Convolutional networks through the command line, from training to what is done with them. */
class ConvolutionalTest {
  @TempDir private static Path run;
  @TempDir private Path folder;
  private static String said;

  @BeforeAll
  static void train() {
    said = ok("train mnist --model cnn --epochs 3 --batch 40 --tensorboard --out " + run);
  }

  private static String ok(String arguments) {
    Console console = new Console(1000);
    assertThat(console.run(arguments.split(" "))).as(console.err()).isZero();
    return console.out();
  }

  private static JsonNode result(Path folder) {
    return JsonMapper.shared().readTree(folder.resolve("result.json"));
  }

  @Test
  void learnsAndSaysWhatItIs() throws IOException {
    assertThat(said)
        .contains(
            "model cnn: 28x28x1-conv 24 5x5-pool 2x2-conv 32 3x3-pool 2x2-256-10 relu, xavier;")
        .contains("215,194 parameters")
        .contains("training adam:0.7:0.9 0.01, batch 40, seed 0, one-cycle");
    assertThat(result(run).get("model").asString()).isEqualTo("cnn");
    assertThat(result(run).get("epochs")).hasSize(3);
    assertThat(result(run).get("testAccuracy").asDouble()).isGreaterThan(0.9);
    SafeTensors model = SafeTensors.read(run.resolve("model.safetensors"));
    assertThat(model.arrays())
        .filteredOn(array -> array.name().equals("1.weight"))
        .extracting(NamedArray::size)
        .containsExactly(5 * 5 * 24);
    assertThat(model.metadata().get("architecture"))
        .startsWith("sequential(reshape(28, 28, 1), conv2d(1, 24, 5), max-pool2d(2), relu, ");
  }

  /** By the reference backend, on a few images: another device, and nothing to compile. */
  @Test
  void predictsAndEvaluates() throws IOException {
    Dataset test = Mnist.mini().test().take(30);
    for (String part : List.of("train", "t10k")) {
      Idx.of(Idx.ElementType.U8, new int[] {30, 28, 28}, test.images())
          .write(folder.resolve(part + "-images-idx3-ubyte"));
      byte[] labels = new byte[30];
      for (int i = 0; i < 30; i++) {
        labels[i] = (byte) test.labels()[i];
      }
      Idx.of(Idx.ElementType.U8, new int[] {30}, labels)
          .write(folder.resolve(part + "-labels-idx1-ubyte"));
    }
    String images = folder.resolve("t10k-images-idx3-ubyte") + "";
    String predicted = ok("predict --backend reference --top 1 " + run + " " + images);
    List<String> lines = predicted.lines().toList();
    int hits = 0;
    for (int i = 0; i < 30; i++) {
      hits += lines.get(i).contains("]  " + test.labels()[i] + " ") ? 1 : 0;
    }
    assertThat(hits).isGreaterThan(24);
    Path out = folder.resolve("evaluation");
    ok("evaluate --backend reference " + run + " --data " + folder + " --out " + out);
    JsonNode evaluation = JsonMapper.shared().readTree(out.resolve("evaluation.json"));
    assertThat(evaluation.get("accuracy").asDouble()).isEqualTo(hits / 30.0);
  }

  @Test
  void leavesEventsForTensorBoard() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
      String events = Files.readString(files.toList().getFirst(), StandardCharsets.ISO_8859_1);
      assertThat(events.split("parameters/1.weight", -1)).hasSize(1 + 3);
      assertThat(events).contains("mistakes", "PNG");
    }
  }

  @Test
  void takesColouredImagesAndWhatTheUserNamesWins() throws IOException {
    Path images = folder.resolve("images");
    for (String colour : List.of("red", "blue")) {
      Path same = Files.createDirectories(images.resolve(colour));
      BufferedImage image = new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB);
      image.setRGB(4, 4, colour.equals("red") ? 0xff0000 : 0xff);
      for (int i = 0; i < 6; i++) {
        ImageIO.write(image, "png", same.resolve(i + ".png").toFile());
      }
    }
    String simple =
        ok(
            "train images --backend reference --model simple-cnn --epochs 2 --activation tanh"
                + " --optimizer adamw --lr 0.01 --batch 4 --schedule cosine --augment shift:1"
                + (" --data " + images + " --out " + folder.resolve("out")));
    assertThat(simple)
        .contains("model simple-cnn: 8x9x3-conv 30 5x5-pool 2x2-100-2 tanh, xavier;")
        .contains("training adamw 0.01, batch 4, seed 0, cosine, shift:1")
        .contains("epoch 2/2");
  }

  @Test
  void imagesThatAreTooSmallAreToldOf() throws IOException {
    Path data = Files.writeString(folder.resolve("data.csv"), "0,1,2,3,4\n1,4,3,2,1\n".repeat(6));
    Console console = new Console(100);
    List<String> arguments = new ArrayList<>(List.of("train", "images", "--model", "cnn"));
    arguments.addAll(List.of("--data", data + "", "--out", folder.resolve("out") + ""));
    assertThat(console.run(arguments.toArray(String[]::new))).isEqualTo(1);
    assertThat(console.err())
        .contains("data.csv: images of 2x2 are too small for --model cnn (a window of 5x5")
        .contains("take --model mlp")
        .doesNotContain("fault of nn");
  }
}
