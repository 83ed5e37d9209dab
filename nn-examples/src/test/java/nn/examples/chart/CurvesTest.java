package nn.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CurvesTest {

  /** The values are those of numpy.kaiser(11, 2). */
  @Test
  void theKaiserWindow() {
    double[] expected = {0.43867628, 0.61139435, 0.767675, 0.89216143, 0.9723298, 1, 0.9723298};
    assertThat(Arrays.copyOf(Curves.kaiser(11, 2), 7))
        .containsExactly(expected, Offset.offset(1e-8));
    assertThat(Curves.kaiser(11, 0)).containsOnly(1);
  }

  @Test
  void smoothingKeepsConstantsAndTheMiddleOfALine() {
    double[] constant = new double[50];
    Arrays.fill(constant, 0.5);
    assertThat(Curves.smooth(constant)).containsExactly(constant, Offset.offset(1e-12));
    double[] line = new double[50];
    Arrays.setAll(line, i -> i);
    assertThat(Curves.smooth(line)[25]).isCloseTo(25, Offset.offset(1e-9));
    assertThat(Curves.smooth(new double[] {3})).containsExactly(3);
  }

  @Test
  void contoursLieOnTheirLevel() {
    Contours circle = Contours.of((x, y) -> x * x + y * y, -5, 5, 9);
    assertThat(circle.x().length).isGreaterThan(300);
    int ends = 0;
    for (int i = 0; i < circle.x().length; i++) {
      if (!Double.isNaN(circle.y()[i])) {
        assertThat(Math.hypot(circle.x()[i], circle.y()[i])).isCloseTo(3, Offset.offset(1e-3));
        ends++;
      }
    }
    assertThat(ends).isEqualTo(2 * circle.x().length / 3);
    assertThat(Contours.of((x, y) -> x, -1, 1, 2).x()).isEmpty();
  }

  @Test
  void panelsStandInRows() throws IOException {
    double[] y = {1, 2, 3};
    List<Axes> panels =
        List.of("a", "b", "c").stream()
            .map(title ->
                new Axes(Axes.Size.SMALL, title, "", "")
                    .curve("named", 1, y, Style.line(Palette.BLUE)))
            .toList();
    var image = ImageIO.read(new ByteArrayInputStream(Picture.grid("title", 2, panels)));
    assertThat(image.getWidth()).isEqualTo(2 * Axes.Size.SMALL.width);
    assertThat(image.getHeight()).isGreaterThan(2 * Axes.Size.SMALL.height);
  }

  @Test
  void smallPanelsShareTheNamesOfTheirAxes() throws IOException {
    assertThat(widthOfPanel("")).isEqualTo(Axes.Size.SMALL.width);
    assertThat(widthOfPanel("accuracy")).isGreaterThan(Axes.Size.SMALL.width);
  }

  private static int widthOfPanel(String y) throws IOException {
    Axes panel = new Axes(Axes.Size.SMALL, "", "epoch", y);
    panel.curve("named", 1, new double[] {1, 2}, Style.line(Palette.BLUE));
    byte[] png = Picture.grid("title", 1, List.of(panel));
    return ImageIO.read(new ByteArrayInputStream(png)).getWidth();
  }

  @Test
  void logarithmicAxesAreLabelledSparsely() {
    assertThat(Stream.of(0.02, 0.03, 1.0, 4.0, 50.0, 90.0, 100.0, 2000.0))
        .extracting(Axes::logarithmicLabel)
        .containsExactly("0.02", " ", "1", " ", "50", " ", "100", "2,000");
  }

  @Test
  void eachOptimizerHasItsColour() {
    assertThat(List.of("SGD", "Momentum", "AdaGrad", "Adam", "RMSprop"))
        .extracting(Palette::optimizer)
        .doesNotHaveDuplicates()
        .doesNotContain(Palette.optimizer("another"));
  }
}
