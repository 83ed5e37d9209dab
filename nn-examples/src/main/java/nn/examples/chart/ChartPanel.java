package nn.examples.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import nn.examples.chart.Axes.Size;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

/** A chart of XChart's as a panel, in the fonts and colours that all have. */
abstract class ChartPanel<C extends Chart<? extends AxesChartStyler, ?>> implements Panel {
  private final Size size;
  private final C chart;

  /** Dresses a chart of this size, whose legend is hidden at first. */
  ChartPanel(Size size, C chart) {
    this.size = size;
    this.chart = chart;
    AxesChartStyler styler = chart.getStyler();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, size.font);
    styler.setChartTitleVisible(!chart.getTitle().isEmpty());
    styler.setChartTitleFont(font.deriveFont(size.font * 1.25f)).setLegendFont(font);
    styler.setAxisTitleFont(font).setAxisTickLabelsFont(font.deriveFont(size.font * 0.875f));
    styler.setChartBackgroundColor(Color.WHITE).setChartFontColor(Palette.TEXT);
    styler.setPlotGridLinesColor(Palette.GRID).setPlotBorderColor(Palette.GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setLegendBorderColor(Palette.GRID).setChartPadding(size.font - 2);
    styler.setAxisTickMarksColor(Palette.TEXT);
    styler.setYAxisTickMarkSpacingHint(4 * size.font);
    styler.setLegendVisible(false);
  }

  final Size size() {
    return size;
  }

  final C chart() {
    return chart;
  }

  @Override
  public final int width() {
    return size.width;
  }

  @Override
  public final int height() {
    return size.height;
  }

  @Override
  public void paint(Graphics2D graphics) {
    chart.paint(graphics, size.width, size.height);
  }
}
