package nn.examples.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import nn.train.EpochResult;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of a training, as PNG files of 1000 x 460 pixels. Needs no display and no fonts. */
public final class Charts {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 460;
  private static final Color BLUE = new Color(0x1f5fbf);
  private static final Color PALE_BLUE = new Color(0xb8cdea);
  private static final Color ORANGE = new Color(0xd9730d);
  private static final Color GRID = new Color(0xe4e4e4);
  private static final Color TEXT = new Color(0x333333);

  private Charts() {}

  /**
   * The loss of each step, and its moving average.
   *
   * @param losses of the steps, finite; at least one
   */
  public static byte[] loss(List<Float> losses) throws IOException {
    XYChart chart = chart("Training loss", "step", "loss");
    double[] steps = IntStream.range(0, losses.size()).asDoubleStream().toArray();
    double[] raw = losses.stream().mapToDouble(Float::doubleValue).toArray();
    line(chart, "each step", steps, raw, PALE_BLUE, 1f, SeriesMarkers.NONE);
    line(chart, "moving average", steps, smooth(raw), BLUE, 2.5f, SeriesMarkers.NONE);
    XYStyler styler = chart.getStyler();
    // A margin of half a step: XChart labels evenly spaced values by multiples of their distance.
    styler.setXAxisMin(-0.5).setXAxisMax(losses.size() - 0.5).setXAxisDecimalPattern("#,##0");
    styler.setYAxisMin(0.0).setLegendPosition(LegendPosition.InsideNE);
    return png(chart);
  }

  /**
   * Accuracy on training and test data by epoch.
   *
   * @param epochs at least one
   */
  public static byte[] accuracy(List<EpochResult> epochs) throws IOException {
    XYChart chart = chart("Accuracy", "epoch", "share classified right");
    double[] numbers = epochs.stream().mapToDouble(EpochResult::epoch).toArray();
    double[] train = epochs.stream().mapToDouble(EpochResult::trainAccuracy).toArray();
    line(chart, "training", numbers, train, BLUE, 2.5f, SeriesMarkers.CIRCLE);
    double[] test = epochs.stream().mapToDouble(EpochResult::testAccuracy).toArray();
    if (Arrays.stream(test).allMatch(Double::isFinite)) {
      line(chart, "test", numbers, test, ORANGE, 2.5f, SeriesMarkers.DIAMOND);
    }
    XYStyler styler = chart.getStyler();
    styler.setXAxisMin(numbers[0] - 0.5).setXAxisMax(numbers[numbers.length - 1] + 0.5);
    styler.setXAxisDecimalPattern("0");
    styler.setLegendPosition(LegendPosition.InsideSE);
    return png(chart);
  }

  /** The mean of the values around each, fewer of them at the ends. */
  static double[] smooth(double[] values) {
    int reach = values.length / 100;
    double[] sums = new double[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      sums[i + 1] = sums[i] + values[i];
    }
    double[] means = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int r = Math.min(reach, Math.min(i, values.length - 1 - i));
      means[i] = (sums[i + r + 1] - sums[i - r]) / (2 * r + 1);
    }
    return means;
  }

  private static XYChart chart(String title, String x, String y) {
    BundledFont.install();
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
    XYStyler styler = chart.getStyler();
    styler.setChartTitleFont(font.deriveFont(20f)).setLegendFont(font);
    styler.setAxisTitleFont(font).setAxisTickLabelsFont(font.deriveFont(14f));
    styler.setChartBackgroundColor(Color.WHITE).setChartFontColor(TEXT);
    styler.setPlotGridLinesColor(GRID).setPlotBorderColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setLegendBorderColor(GRID).setChartPadding(14);
    styler.setAxisTickMarksColor(TEXT).setXAxisTickMarkSpacingHint(110);
    return chart;
  }

  private static void line(
      XYChart chart, String name, double[] x, double[] y, Color color, float width, Marker marker) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarkerColor(color).setMarker(marker).setLineColor(color);
    series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private static byte[] png(XYChart chart) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
