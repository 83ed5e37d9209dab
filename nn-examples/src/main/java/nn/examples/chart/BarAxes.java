package nn.examples.chart;

import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import nn.bench.Figure;
import nn.examples.chart.Axes.Size;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars in groups, with the legend below. */
final class BarAxes extends ChartPanel<CategoryChart> {
  /** Of this many bars each has room for its height in figures. */
  private static final int FEW = 10;

  /** Letters of all groups' names that stand side by side in one line. */
  private static final int LINE = 60;

  BarAxes(Size size, Figure.Bars bars) {
    super(
        size,
        new CategoryChartBuilder()
            .width(size.width)
            .height(size.height)
            .title(bars.title())
            .yAxisTitle(bars.measure())
            .build());
    CategoryStyler styler = chart().getStyler();
    styler.setLegendVisible(true).setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setXAxisTitleVisible(false).setPlotGridVerticalLinesVisible(false);
    styler.setAvailableSpaceFill(0.8);
    name(styler, bars.groups());
    int count = bars.series().size();
    styler.setSeriesColors(
        IntStream.range(0, count).mapToObj(Palette::series).toArray(Color[]::new));
    bars.series().forEach((name, heights) -> chart().addSeries(name, bars.groups(), heights));
    if (count * bars.groups().size() <= FEW) {
      styler.setLabelsVisible(true).setLabelsPosition(0.96);
      styler.setLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, size.font * 5 / 6));
    }
    if (bars.logarithmic()) {
      byPowersOfTen(styler, bars);
    }
  }

  /** Long names go up to their group at an angle. */
  private static void name(CategoryStyler styler, List<String> groups) {
    styler.setXAxisTickMarkSpacingHint(10); // else XChart leaves some out
    if (groups.stream().mapToInt(String::length).sum() > LINE) {
      styler.setXAxisLabelRotation(45);
      styler.setXAxisLabelAlignment(TextAlignment.Right);
      styler.setXAxisLabelAlignmentVertical(TextAlignment.Right);
    }
  }

  /** From the power below the lowest bar on: zero is nowhere on such an axis. */
  private static void byPowersOfTen(CategoryStyler styler, Figure.Bars bars) {
    double least =
        bars.series().values().stream()
            .flatMap(List::stream)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .min()
            .orElse(1);
    styler.setYAxisLogarithmic(true).setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
    styler.setYAxisTickLabelsFormattingFunction(
        value -> String.format(Locale.ROOT, value < 10 ? "%.2g" : "%,.0f", value));
  }
}
