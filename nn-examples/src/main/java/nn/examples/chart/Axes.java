package nn.examples.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;

/**
 * A pair of axes with curves: a picture, or one panel of it. Curves without a name are missing from
 * the legend.
 */
public final class Axes extends ChartPanel<XYChart> {
  /** How large, in pixels. */
  public enum Size {
    /** A picture by itself. */
    WIDE(1000, 460, 16),
    /** The same with letters that can be read at half the size. */
    LARGE(840, 560, 18),
    /** With room for a long legend. */
    TALL(840, 720, 18),
    /** One of two to four panels. */
    HALF(500, 400, 14),
    /** A picture with a square to draw in. */
    SQUARE(500, 528, 14),
    /** One of a grid of panels, which says once what is measured along all their axes. */
    SMALL(270, 220, 13);

    final int width;
    final int height;
    final int font;

    Size(int width, int height, int font) {
      this.width = width;
      this.height = height;
      this.font = font;
    }
  }

  private final String nameOfX;
  private final String nameOfY;
  private final Map<String, Style> legend = new LinkedHashMap<>();
  private int unnamed;

  /** Axes with a title and what is measured along each; an empty text takes no room. */
  public Axes(Size size, String title, String x, String y) {
    super(
        size,
        new XYChartBuilder()
            .width(size.width)
            .height(size.height)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build());
    nameOfX = x;
    nameOfY = y;
    XYStyler styler = chart().getStyler();
    styler.setXAxisTitleVisible(size != Size.SMALL && !x.isEmpty());
    styler.setYAxisTitleVisible(size != Size.SMALL && !y.isEmpty());
    styler.setXAxisTickMarkSpacingHint(7 * size.font);
  }

  /** What a grid of such panels says about their x axes, perhaps nothing. */
  String sharedX() {
    return size() == Size.SMALL ? nameOfX : "";
  }

  String sharedY() {
    return size() == Size.SMALL ? nameOfY : "";
  }

  /** The named curves. */
  Map<String, Style> legend() {
    return legend;
  }

  /** Adds a curve. NaN among the y values leaves a gap. */
  public Axes curve(String name, double[] x, double[] y, Style style) {
    legend.put(name, style);
    series(name, x, y, style);
    return this;
  }

  /** Adds a curve of values by their number, from {@code first} on. */
  public Axes curve(String name, int first, double[] y, Style style) {
    return curve(
        name, IntStream.range(first, first + y.length).asDoubleStream().toArray(), y, style);
  }

  /** Adds a curve that the legend leaves out. */
  public Axes background(double[] x, double[] y, Style style) {
    series(" ".repeat(++unnamed), x, y, style);
    return this;
  }

  /** Adds bars that stand side by side, from {@code low} to {@code high}. */
  public Axes bars(double low, double high, int[] heights, Color color) {
    double[] x = new double[4 * heights.length];
    double[] y = new double[4 * heights.length];
    for (int i = 0; i < heights.length; i++) {
      double left = low + (high - low) * i / heights.length;
      double right = low + (high - low) * (i + 1) / heights.length;
      double[] corners = {left, left, right, right};
      System.arraycopy(corners, 0, x, 4 * i, 4);
      y[4 * i + 1] = heights[i];
      y[4 * i + 2] = heights[i];
    }
    XYSeries series = series(" ".repeat(++unnamed), x, y, Style.thin(color));
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area).setFillColor(color);
    double margin = (high - low) / 50; // without one XChart labels every third bar
    return x(low - margin, high + margin);
  }

  private XYSeries series(String name, double[] x, double[] y, Style style) {
    XYSeries series = chart().addSeries(name, x, y);
    series.setShowInLegend(!name.isBlank());
    series.setLineColor(style.color()).setLineStyle(style.stroke());
    series.setMarker(style.marker()).setMarkerColor(style.color());
    return series;
  }

  /** Sets what the x axis shows. */
  public Axes x(double low, double high) {
    chart().getStyler().setXAxisMin(low).setXAxisMax(high);
    return this;
  }

  /** Sets what the y axis shows. */
  public Axes y(double low, double high) {
    chart().getStyler().setYAxisMin(low).setYAxisMax(high);
    return this;
  }

  /** Shows exactly what was set, without a margin. */
  public Axes tight() {
    chart().getStyler().setPlotContentSize(1);
    return this;
  }

  /** The y axis begins at zero. */
  public Axes fromZero() {
    chart().getStyler().setYAxisMin(0.0);
    return this;
  }

  /** The x axis counts: whole numbers from low to high, with a margin of half a step. */
  public Axes counts(int low, int high) {
    // XChart labels evenly spaced values by multiples of their distance unless there is a margin.
    chart().getStyler().setXAxisDecimalPattern("#,##0");
    return x(low - 0.5, high + 0.5);
  }

  /** Both axes by powers of ten. */
  public Axes logarithmic() {
    chart().getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart().getStyler().setXAxisLogarithmicDecadeOnly(false).setYAxisLogarithmicDecadeOnly(false);
    chart().getStyler().setXAxisTickLabelsFormattingFunction(Axes::logarithmicLabel);
    chart().getStyler().setYAxisTickLabelsFormattingFunction(Axes::logarithmicLabel);
    return this;
  }

  /** Labels of 1, 2 and 5 times a power of ten; those of all digits would overlap. */
  static String logarithmicLabel(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
    long digit = Math.round(value / power);
    if (digit != 1 && digit != 2 && digit != 5) {
      return " ";
    }
    return String.format(Locale.ROOT, value < 1 ? "%.1g" : "%,.0f", value);
  }

  /** Shows the legend inside, where the data leave room. */
  public Axes legend(LegendPosition position) {
    chart().getStyler().setLegendVisible(true).setLegendPosition(position);
    return this;
  }

  /** Sets how large markers are, in pixels. */
  public Axes markers(int pixels) {
    chart().getStyler().setMarkerSize(pixels);
    return this;
  }

  /** Shows the legend below, an entry a line. */
  public Axes legendBelow() {
    chart().getStyler().setLegendLayout(LegendLayout.Vertical);
    return legend(LegendPosition.OutsideS);
  }

  @Override
  public void paint(Graphics2D graphics) {
    // Else each end of a short line is moved to a pixel, and contours look frayed.
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    super.paint(graphics);
  }
}
