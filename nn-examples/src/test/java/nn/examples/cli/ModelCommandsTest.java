package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

/** What can be done with a model once it is trained. */
class ModelCommandsTest {
  private static final String ARCHITECTURE = "sequential(linear(784, 32), relu, linear(32, 10))";

  @TempDir private static Path run;
  @TempDir private Path folder;

  @BeforeAll
  static void train() {
    Console console = new Console(3000);
    int code =
        console.run(
            "train",
            "mnist",
            "--tensorboard",
            "--epochs",
            "4",
            "--hidden",
            "32",
            "--augment",
            "shift",
            "--out",
            run + "");
    assertThat(code).as(console.err()).isZero();
  }

  private static String ok(String... arguments) {
    Console console = new Console(3000);
    assertThat(console.run(arguments)).as(console.err()).isZero();
    return console.out();
  }

  private static void fails(int code, String message, String... arguments) {
    Console console = new Console(3000);
    assertThat(console.run(arguments)).as(console.out()).isEqualTo(code);
    assertThat(console.err()).contains(message).doesNotContain("\tat ");
  }

  /** A one, white on black as in MNIST, or as on paper. */
  private Path drawOne(String name, boolean onPaper) throws IOException {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(onPaper ? Color.WHITE : Color.BLACK);
    graphics.fillRect(0, 0, 28, 28);
    graphics.setColor(onPaper ? Color.BLACK : Color.WHITE);
    graphics.setStroke(new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.drawLine(15, 5, 13, 23);
    graphics.dispose();
    Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void predictsAPngThatWasDrawn() throws IOException {
    Path one = drawOne("one.png", false);
    String answer = ok("predict", run + "", one + "");
    assertThat(answer).matches("(?s).*one\\.png  1 0\\.\\d{4}  \\d 0\\.\\d{4}  \\d 0\\.\\d{4}\\R");
    String inverted = ok("predict", "--invert", run + "", drawOne("paper.png", true) + "");
    assertThat(inverted.strip()).endsWith(answer.strip().replaceAll("(?s).*one.png", ""));
    assertThat(ok("predict", "--top", "10", run + "", one + "", one + "").lines()).hasSize(2);
  }

  @Test
  void predictsIdxAsEvaluateDoes() throws IOException {
    Dataset test = Mnist.mini().test().take(200);
    Path idx = folder.resolve("test.idx");
    Idx.of(Idx.ElementType.U8, new int[] {200, 28, 28}, test.images()).write(idx);
    List<String> lines =
        ok("predict", "--top", "1", run.resolve("model.safetensors") + "", idx + "")
            .lines()
            .toList();
    assertThat(lines).hasSize(200);
    int hits = 0;
    for (int i = 0; i < 200; i++) {
      assertThat(lines.get(i)).contains("test.idx[" + i + "]  ");
      hits += lines.get(i).contains("]  " + test.labels()[i] + " ") ? 1 : 0;
    }
    assertThat(hits).isGreaterThan(150);
  }

  @Test
  void evaluatesWithMatrixAndMistakes() throws IOException {
    Path out = folder.resolve("evaluation");
    String said = ok("evaluate", run + "", "--out", out + "");
    JsonNode result = JsonMapper.shared().readTree(out.resolve("evaluation.json"));
    JsonNode trained = JsonMapper.shared().readTree(run.resolve("result.json"));
    double accuracy = result.get("accuracy").asDouble();
    assertThat(accuracy).isEqualTo(trained.get("testAccuracy").asDouble()).isGreaterThan(0.8);
    int sum = 0;
    int diagonal = 0;
    for (int i = 0; i < 10; i++) {
      diagonal += result.get("confusion").get(i).get(i).asInt();
      for (JsonNode count : result.get("confusion").get(i)) {
        sum += count.asInt();
      }
    }
    assertThat(sum).isEqualTo(1000);
    assertThat(diagonal / 1000.0).isEqualTo(accuracy);
    JsonNode mistakes = result.get("mistakes");
    assertThat(mistakes).hasSize(1000 - diagonal);
    for (int i = 1; i < mistakes.size(); i++) {
      assertThat(mistakes.get(i).get("ofLabel").asDouble())
          .isGreaterThanOrEqualTo(mistakes.get(i - 1).get("ofLabel").asDouble());
    }
    assertThat(said).contains("rows: actual", "recall", "worst of");
    assertThat(ImageIO.read(out.resolve("confusion.png").toFile()).getWidth()).isEqualTo(770);
    assertThat(ImageIO.read(out.resolve("mistakes.png").toFile()).getHeight()).isGreaterThan(500);
  }

  @Test
  void leavesEventsForTensorBoard() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
      String events = Files.readString(files.toList().getFirst(), StandardCharsets.ISO_8859_1);
      assertThat(events.split("loss/step", -1)).hasSize(1 + 4 * 24);
      assertThat(events.split("accuracy/test", -1)).hasSize(1 + 4);
      assertThat(events.split("parameters/0.weight", -1)).hasSize(1 + 4);
      assertThat(events).contains("mistakes", "PNG");
    }
  }

  @Test
  void exportsOnnx() {
    Path file = folder.resolve("model.onnx");
    assertThat(ok("export", run + "", "--onnx", file + "")).contains("wrote");
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void aPlainFileOfOthersLoadsByName() throws IOException {
    SafeTensors saved = SafeTensors.read(run.resolve("model.safetensors"));
    Path plain = folder.resolve("plain.safetensors");
    SafeTensors.write(plain, Map.of(), saved.arrays());
    String one = drawOne("one.png", false) + "";
    fails(1, "says nothing of its model's architecture", "predict", plain + "", one);
    assertThat(ok("predict", "--architecture", ARCHITECTURE, plain + "", one))
        .isEqualTo(ok("predict", run + "", one));
    fails(
        1,
        "0.weight has shape [784, 32], but the model's has [784, 31]",
        "predict",
        "--architecture",
        ARCHITECTURE.replace("32", "31"),
        plain + "",
        one);
    fails(2, "with --architecture", "predict", "--input", "28x28x1", plain + "", one);
    NamedArray first = saved.arrays().getFirst();
    SafeTensors.write(plain, Map.of(), List.of(first));
    fails(1, "no array is called", "predict", "--architecture", ARCHITECTURE, plain + "", one);
  }

  @Test
  void badFilesAreToldOf() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.png"), "this is no image");
    fails(1, "notes.png: is no image", "predict", run + "", text + "");
    Path small = folder.resolve("small.png");
    ImageIO.write(new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB), "png", small.toFile());
    fails(
        1,
        "is 20 pixels wide and 30 high; the model takes 28 by 28",
        "predict",
        run + "",
        small + "");
    fails(1, "no such file", "predict", run + "", folder.resolve("missing.png") + "");
    Path idx = folder.resolve("labels.idx");
    Idx.of(Idx.ElementType.U8, new int[] {4}, new byte[4]).write(idx);
    fails(1, "holds U8 [4]; the model takes", "predict", run + "", idx + "");
    Path cut = folder.resolve("cut.safetensors");
    byte[] bytes = Files.readAllBytes(run.resolve("model.safetensors"));
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    String one = drawOne("one.png", false) + "";
    fails(1, "cut.safetensors: truncated", "predict", cut + "", one);
    fails(1, "no such file", "predict", folder + "", one);
    fails(2, "--top must be at least 1", "predict", "--top", "0", run + "", one);
    fails(2, "Missing required", "predict", run + "");
    fails(2, "Missing required option: '--onnx=FILE'", "export", run + "");
  }

  @Test
  void anotherModelsDataAreToldOf() throws IOException {
    Files.writeString(folder.resolve("data.csv"), "0,1,2,3,4\n1,4,3,2,1\n".repeat(6));
    fails(
        1,
        "takes images of 28x28x1 in 10 classes, which the data are not",
        "evaluate",
        run + "",
        "--data",
        folder.resolve("data.csv") + "");
    fails(2, "which images?", "train", "images");
    String out = folder.resolve("out") + "";
    String said =
        ok(
            "train",
            "images",
            "--data",
            folder.resolve("data.csv") + "",
            "--out",
            out,
            "--hidden",
            "4",
            "--epochs",
            "1");
    assertThat(said).contains("data data.csv: 10 training and 2 test images");
    fails(1, "was trained on data.csv; name its data by --data", "evaluate", out);
    assertThat(ok("evaluate", out, "--data", folder.resolve("data.csv") + "", "--out", out))
        .contains("on 2 images of data.csv");
  }
}
