package nn.examples.chart;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import nn.bench.Drawing;
import nn.bench.Figure;
import nn.examples.chart.Axes.Size;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what {@code nn bench} found. */
public final class BenchFigures implements Drawing {
  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.TRIANGLE_DOWN);

  private static final int MARKER_SIZE = 14;

  @Override
  public byte[] draw(List<Figure> figures) throws IOException {
    List<Panel> panels = figures.stream().map(BenchFigures::panel).toList();
    return Picture.column(panels);
  }

  private static Panel panel(Figure figure) {
    return switch (figure) {
      case Figure.Bars bars -> new BarAxes(Size.LARGE, bars);
      case Figure.Roofline roofline -> axes(roofline);
    };
  }

  /** Each kind of memory has a colour, each pass a marker. */
  private static Axes axes(Figure.Roofline figure) {
    double low = intensities(figure).min().orElse(0.1) / 2;
    double high = Math.max(2 * intensities(figure).max().orElse(10), 2 * ridge(figure));
    Axes axes =
        new Axes(Size.TALL, figure.title(), "FLOP for each byte moved", "GFLOP/s")
            .logarithmic()
            .markers(MARKER_SIZE)
            .x(low, high)
            .legendBelow();
    for (int i = 0; i < figure.levels().size(); i++) {
      Figure.Level level = figure.levels().get(i);
      double[] x = corners(low, figure.peak() / level.bandwidth(), high);
      double[] y = roof(x, level.bandwidth(), figure.peak());
      String name =
          String.format(Locale.ROOT, "copy of %s: %.1f GB/s", level.name(), level.bandwidth());
      axes.curve(name, x, y, Style.line(Palette.series(i)));
    }
    Map<String, Marker> markers = new HashMap<>();
    for (int i = 0; i < figure.levels().size(); i++) {
      for (Figure.Pass pass : figure.levels().get(i).passes()) {
        mark(axes, pass, Style.points(Palette.series(i)), markers);
      }
    }
    return axes;
  }

  private static DoubleStream intensities(Figure.Roofline figure) {
    return figure.levels().stream()
        .flatMap(level -> level.passes().stream())
        .mapToDouble(Figure.Pass::intensity);
  }

  /** Where the slowest memory no longer limits what is computed; 0 if the peak is not known. */
  private static double ridge(Figure.Roofline figure) {
    double slowest =
        figure.levels().stream().mapToDouble(Figure.Level::bandwidth).min().orElseThrow();
    return Double.isNaN(figure.peak()) ? 0 : figure.peak() / slowest;
  }

  private static double[] corners(double low, double ridge, double high) {
    return ridge > low && ridge < high ? new double[] {low, ridge, high} : new double[] {low, high};
  }

  private static double[] roof(double[] intensities, double bandwidth, double peak) {
    return DoubleStream.of(intensities)
        .map(x -> Double.isNaN(peak) ? x * bandwidth : Math.min(x * bandwidth, peak))
        .toArray();
  }

  /** The legend shows a marker once. */
  private static void mark(Axes axes, Figure.Pass pass, Style style, Map<String, Marker> markers) {
    boolean known = markers.containsKey(pass.name());
    int next = markers.size() % MARKERS.size();
    Style marked = style.with(markers.computeIfAbsent(pass.name(), name -> MARKERS.get(next)));
    double[] x = {pass.intensity()};
    double[] y = {pass.gflops()};
    if (known) {
      axes.background(x, y, marked);
    } else {
      axes.curve(pass.name(), x, y, marked);
    }
  }
}
