package nn.examples.chart;

import java.awt.Color;
import java.io.IOException;
import java.util.List;
import nn.metric.ConfusionMatrix;

/** A confusion matrix as a picture: a row for each actual class, a column for each predicted. */
public final class ConfusionChart {
  private static final int MARGIN = 110;
  private static final int LARGEST_CELL = 64;
  private static final int SIDE = 900;
  private static final double PALEST = 0.04;

  private ConfusionChart() {}

  /**
   * Draws a PNG file: right ones in blue, mistakes in orange, the darker the larger their share of
   * the row; numbers wherever they fit.
   *
   * @param classes names in order
   */
  public static byte[] png(ConfusionMatrix matrix, List<String> classes) throws IOException {
    int n = classes.size();
    int cell = Math.max(4, Math.min(LARGEST_CELL, SIDE / n));
    Canvas canvas = new Canvas(MARGIN + n * cell + 20, MARGIN + n * cell + 20);
    int middle = MARGIN + n * cell / 2;
    canvas.text("taken for", Palette.TEXT, middle, 24, n * cell, 18);
    canvas.text("actual", Palette.TEXT, MARGIN / 2, MARGIN - 26, MARGIN - 10, 18);
    for (int actual = 0; actual < n; actual++) {
      int y = MARGIN + actual * cell;
      int at = MARGIN + actual * cell + cell / 2;
      if (cell >= 12) {
        canvas.text(classes.get(actual), Palette.TEXT, MARGIN / 2, at, MARGIN - 16, 16);
        canvas.text(classes.get(actual), Palette.TEXT, at, MARGIN - 26, cell - 4, 16);
      }
      drawRow(canvas, matrix, actual, n, cell, y);
    }
    return canvas.png();
  }

  private static void drawRow(
      Canvas canvas, ConfusionMatrix matrix, int actual, int n, int cell, int y) {
    double total = 0;
    for (int predicted = 0; predicted < n; predicted++) {
      total += matrix.count(actual, predicted);
    }
    for (int predicted = 0; predicted < n; predicted++) {
      int count = matrix.count(actual, predicted);
      // The root lets a few mistakes among thousands be seen.
      double share = Math.sqrt(count / Math.max(1, total));
      int x = MARGIN + predicted * cell;
      Color full = actual == predicted ? Palette.BLUE : Palette.ORANGE;
      Color color = Palette.between(Color.WHITE, full, PALEST + (1 - PALEST) * share);
      canvas.fill(color, x, y, cell - 1, cell - 1);
      if (count > 0 && cell >= 24) {
        Color ink = share > 0.6 ? Color.WHITE : Palette.TEXT;
        canvas.text(String.valueOf(count), ink, x + cell / 2, y + cell / 2, cell - 6, 16);
      }
    }
  }
}
