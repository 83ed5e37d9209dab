package nn.examples.chart;

import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A field of vectors as arrows, drawn as one curve with gaps. */
public final class Arrows {
  private static final double LONGEST = 1.6;
  private static final double HEAD = 0.28;
  private static final double HEAD_ANGLE = Math.toRadians(25);

  private final DoubleStream.Builder x = DoubleStream.builder();
  private final DoubleStream.Builder y = DoubleStream.builder();

  private Arrows() {}

  /**
   * Draws an arrow at each point of a grid.
   *
   * @param step between points along both axes; the longest arrow is 1.6 times as long
   */
  public static void draw(
      Axes axes,
      DoubleBinaryOperator horizontal,
      DoubleBinaryOperator vertical,
      double low,
      double high,
      double step,
      Style style) {
    double[] places =
        IntStream.rangeClosed(0, (int) Math.round((high - low) / step))
            .mapToDouble(i -> low + i * step)
            .toArray();
    double longest = 0;
    for (double px : places) {
      for (double py : places) {
        double dx = horizontal.applyAsDouble(px, py);
        longest = Math.max(longest, Math.hypot(dx, vertical.applyAsDouble(px, py)));
      }
    }
    double scale = LONGEST * step / longest;
    Arrows arrows = new Arrows();
    for (double px : places) {
      for (double py : places) {
        double dx = scale * horizontal.applyAsDouble(px, py);
        arrows.add(px, py, dx, scale * vertical.applyAsDouble(px, py));
      }
    }
    axes.background(arrows.x.build().toArray(), arrows.y.build().toArray(), style);
  }

  private void add(double px, double py, double dx, double dy) {
    double angle = Math.atan2(dy, dx) + Math.PI;
    double head = HEAD * Math.hypot(dx, dy);
    double tipX = px + dx;
    double tipY = py + dy;
    point(px, py);
    point(tipX, tipY);
    point(tipX + head * Math.cos(angle - HEAD_ANGLE), tipY + head * Math.sin(angle - HEAD_ANGLE));
    point(tipX, Double.NaN);
    point(tipX, tipY);
    point(tipX + head * Math.cos(angle + HEAD_ANGLE), tipY + head * Math.sin(angle + HEAD_ANGLE));
    point(tipX, Double.NaN);
  }

  private void point(double px, double py) {
    x.add(px);
    y.add(py);
  }
}
