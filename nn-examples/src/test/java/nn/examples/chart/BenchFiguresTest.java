package nn.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import nn.bench.Figure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BenchFiguresTest {
  private static final Figure PRODUCTS = bars("GFLOP/s", false, 40.0, 41.5, 90.0, null);
  private static final Figure STEPS = bars("microseconds", true, 251.0, 900.0, 51_000.0, 70_000.0);
  private static final Figure ROOFLINE =
      new Figure.Roofline(
          "Fused passes",
          89,
          List.of(
              new Figure.Level("0.5 MB", 48, List.of(new Figure.Pass("adam", 0.6, 20))),
              new Figure.Level(
                  "134 MB",
                  9,
                  List.of(new Figure.Pass("adam", 0.6, 5), new Figure.Pass("gelu", 1.2, 9)))));

  private static Figure bars(String measure, boolean logarithmic, @Nullable Double... heights) {
    Map<String, List<@Nullable Double>> series = new LinkedHashMap<>();
    series.put("nn", Arrays.asList(heights).subList(0, 2));
    series.put("mkl", Arrays.asList(heights).subList(2, 4));
    return new Figure.Bars("Bars", measure, logarithmic, List.of("32 x 32", "64 x 64"), series);
  }

  @Test
  void barsHaveTheHeightsOfTheirSeries() throws IOException {
    BufferedImage image = png(PRODUCTS);
    long nn = count(image, Palette.BLUE.getRGB());
    long mkl = count(image, Palette.ORANGE.getRGB());
    assertThat(image.getWidth()).isEqualTo(840);
    assertThat(nn).isPositive();
    assertThat((double) mkl / nn).as("one bar of 90 to two of 40.75").isBetween(0.9, 1.3);
  }

  @Test
  void logarithmicBarsBeginBelowTheLowest() throws IOException {
    BufferedImage image = png(STEPS);
    long plan = count(image, Palette.BLUE.getRGB());
    long eager = count(image, Palette.ORANGE.getRGB());
    assertThat((double) eager / plan).as("4.5 powers of ten above 100 to 1.4").isBetween(3.0, 5.0);
  }

  @Test
  void aRooflineWithAndWithoutPeakAndPasses() throws IOException {
    assertThat(count(png(ROOFLINE), Palette.ORANGE.getRGB())).isGreaterThan(500);
    Figure.Level copied = new Figure.Level("4 MB", 20, List.of());
    BufferedImage copies = png(new Figure.Roofline("Copies", Double.NaN, List.of(copied)));
    assertThat(count(copies, Palette.BLUE.getRGB())).isGreaterThan(500);
  }

  @Test
  void panelsStandBelowOneAnother() throws IOException {
    List<Figure> all = List.of(PRODUCTS, STEPS, ROOFLINE);
    int height = png(PRODUCTS).getHeight() + png(STEPS).getHeight() + png(ROOFLINE).getHeight();
    assertThat(png(all).getHeight()).isEqualTo(height);
  }

  private static BufferedImage png(Figure figure) throws IOException {
    return png(List.of(figure));
  }

  private static BufferedImage png(List<Figure> figures) throws IOException {
    byte[] png = new BenchFigures().draw(figures);
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static long count(BufferedImage image, int colour) {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    return Arrays.stream(pixels).filter(pixel -> pixel == colour).count();
  }
}
