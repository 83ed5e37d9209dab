package nn.examples.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How a curve is drawn. */
public record Style(Color color, BasicStroke stroke, Marker marker) {

  /** A line. */
  public static Style line(Color color) {
    return new Style(color, solid(2.5f), SeriesMarkers.NONE);
  }

  /** A line for curves that are close to one another. */
  public static Style fine(Color color) {
    return new Style(color, solid(1.6f), SeriesMarkers.NONE);
  }

  /** A band, on which another line can lie. */
  public static Style wide(Color color) {
    return new Style(color, solid(7f), SeriesMarkers.NONE);
  }

  /** A hair line, for what stands behind the rest. */
  public static Style thin(Color color) {
    return new Style(color, solid(1f), SeriesMarkers.NONE);
  }

  /** A dashed line, for curves of some dozens of points: each segment begins with a dash. */
  public static Style dashed(Color color) {
    float[] pattern = {2f, 5f};
    BasicStroke stroke =
        new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1f, pattern, 0f);
    return new Style(color, stroke, SeriesMarkers.NONE);
  }

  /** A line with a dot at each point. */
  public static Style dotted(Color color) {
    return new Style(color, solid(1.8f), SeriesMarkers.CIRCLE);
  }

  /** Dots without a line. */
  public static Style points(Color color) {
    return new Style(color, SeriesLines.NONE, SeriesMarkers.CIRCLE);
  }

  /** This style with another marker at each point. */
  Style with(Marker other) {
    return new Style(color, stroke, other);
  }

  private static BasicStroke solid(float width) {
    return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }
}
