package nn.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import nn.train.EpochResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ChartsTest {
  private static final int WHITE = 0xffffff;

  @Test
  void losses() throws IOException {
    List<Float> losses = IntStream.range(0, 500).mapToObj(i -> 2.3f / (1 + i / 50f)).toList();
    assertDrawn(Charts.loss(losses));
    assertDrawn(Charts.loss(List.of(2.3f)));
  }

  @Test
  void accuracies() throws IOException {
    EpochResult first = new EpochResult(1, 0.5, 0.8, 0.85, 1, 1000);
    EpochResult second = new EpochResult(2, 0.3, 0.9, Double.NaN, 1, 1000);
    assertDrawn(Charts.accuracy(List.of(first)));
    assertDrawn(Charts.accuracy(List.of(first, second)));
  }

  private static void assertDrawn(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    long drawn = Arrays.stream(pixels).filter(pixel -> (pixel & WHITE) != WHITE).count();
    assertThat(drawn).isGreaterThan(2000);
  }

  @Test
  void aMovingAverageKeepsConstantsAndEnds() {
    double[] constant = new double[1000];
    Arrays.fill(constant, 0.5);
    assertThat(Charts.smooth(constant)).containsOnly(0.5);
    double[] line = IntStream.range(0, 1000).asDoubleStream().toArray();
    assertThat(Charts.smooth(line)).isEqualTo(line);
    assertThat(Charts.smooth(new double[] {3, 1, 2})).containsExactly(3, 1, 2);
  }

  /** A server: no fonts, no fontconfig, and nothing that the JDK remembers of either. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void drawsWithoutFontsAndWithoutFontconfig(@TempDir Path folder)
      throws IOException, InterruptedException {
    for (String library : List.of("libfontconfig.so", "libfontconfig.so.1")) {
      Files.writeString(folder.resolve(library), "not a library");
    }
    Path noFonts = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
    Path picture = folder.resolve("loss.png");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.awt.headless=true",
            "-Duser.home=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Draw.class.getName(),
            picture.toString());
    Map<String, String> environment = builder.environment();
    environment.put("LD_LIBRARY_PATH", folder.toString());
    environment.put("FONTCONFIG_FILE", noFonts.toString());
    File log = folder.resolve("log").toFile();
    Process process = builder.redirectErrorStream(true).redirectOutput(log).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
    assertDrawn(Files.readAllBytes(picture));
  }

  /** Run in a JVM of its own, since AWT looks for fonts once. */
  static final class Draw {
    private Draw() {}

    public static void main(String[] args) throws IOException {
      Files.write(Path.of(args[0]), Charts.loss(List.of(2.3f, 1.1f, 0.4f)));
    }
  }
}
