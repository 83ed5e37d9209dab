package nn.examples.chart;

import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;

/**
 * Lines along which a function of two variables has one value, by marching squares: in each cell of
 * a grid the line runs from edge to edge, where linear interpolation finds the value.
 *
 * @param x of the ends of segments, two and a gap for each
 * @param y NaN at the gaps
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Contours(double[] x, double[] y) {
  private static final int CELLS = 120;

  /** The line of one level, over a square from {@code low} to {@code high} along both axes. */
  public static Contours of(DoubleBinaryOperator f, double low, double high, double level) {
    DoubleStream.Builder x = DoubleStream.builder();
    DoubleStream.Builder y = DoubleStream.builder();
    double width = (high - low) / CELLS;
    for (int i = 0; i < CELLS; i++) {
      for (int j = 0; j < CELLS; j++) {
        new Cell(f, low + i * width, low + j * width, width, level).trace(x, y);
      }
    }
    return new Contours(x.build().toArray(), y.build().toArray());
  }

  /** Draws the lines of several levels, the darker the higher. */
  public static void draw(
      Axes axes, DoubleBinaryOperator f, double low, double high, double... levels) {
    for (int i = 0; i < levels.length; i++) {
      Contours lines = of(f, low, high, levels[i]);
      double share = i / (double) Math.max(1, levels.length - 1);
      Style style = Style.thin(Palette.between(Palette.PALE_BLUE, Palette.GREY, share));
      if (lines.x().length > 0) {
        axes.background(lines.x(), lines.y(), style);
      }
    }
  }

  /** A square, its corners taken in turn around it. */
  private record Cell(
      DoubleBinaryOperator f, double left, double bottom, double width, double level) {

    void trace(DoubleStream.Builder x, DoubleStream.Builder y) {
      double[] cornerX = {left, left + width, left + width, left};
      double[] cornerY = {bottom, bottom, bottom + width, bottom + width};
      int found = 0;
      for (int corner = 0; corner < 4; corner++) {
        int next = (corner + 1) % 4;
        double a = f.applyAsDouble(cornerX[corner], cornerY[corner]) - level;
        double b = f.applyAsDouble(cornerX[next], cornerY[next]) - level;
        if (a < 0 != b < 0) {
          double share = a / (a - b);
          x.add(cornerX[corner] + share * (cornerX[next] - cornerX[corner]));
          y.add(cornerY[corner] + share * (cornerY[next] - cornerY[corner]));
          found++;
          if (found % 2 == 0) { // a saddle has two lines, and either pairing will do
            x.add(cornerX[corner]);
            y.add(Double.NaN);
          }
        }
      }
    }
  }
}
