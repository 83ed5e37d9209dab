package nn.examples.chart;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Pictures as PNG files. Need no display and no fonts. */
public final class Picture {
  private static final int TITLE = 46;
  private static final int LEGEND = 40;
  private static final int LEGEND_LINE = 34;
  private static final int AXIS_NAME = 26;

  private Picture() {}

  /** One pair of axes. */
  public static byte[] of(Axes axes) throws IOException {
    return column(List.of(axes));
  }

  /** Panels below one another, at least one. */
  static byte[] column(List<? extends Panel> panels) throws IOException {
    int width = panels.stream().mapToInt(Panel::width).max().orElseThrow();
    int height = panels.stream().mapToInt(Panel::height).sum();
    Canvas canvas = new Canvas(width, height);
    for (Panel panel : panels) {
      panel.paint(canvas.graphics());
      canvas.graphics().translate(0, panel.height());
    }
    return canvas.png();
  }

  /**
   * Panels in rows, with one title above and one legend below. The legend is that of the first
   * panel, and so is what small panels say about their axes.
   *
   * @param panels of one size, at least one
   */
  public static byte[] grid(String title, int columns, List<Axes> panels) throws IOException {
    Axes first = panels.getFirst();
    int width = first.width();
    int height = first.height();
    int rows = Math.ceilDiv(panels.size(), columns);
    int left = first.sharedY().isEmpty() ? 0 : AXIS_NAME;
    int below = first.sharedX().isEmpty() ? 0 : AXIS_NAME;
    int bottom = first.legend().isEmpty() ? 0 : LEGEND;
    int end = TITLE + rows * height;
    Canvas canvas = new Canvas(left + columns * width, end + below + bottom);
    canvas.text(title, Palette.TEXT, canvas.width() / 2, TITLE / 2, canvas.width(), 20);
    for (int i = 0; i < panels.size(); i++) {
      int x = left + i % columns * width;
      int y = TITLE + i / columns * height;
      Graphics2D part = (Graphics2D) canvas.graphics().create(x, y, width, height);
      panels.get(i).paint(part);
      part.dispose();
    }
    int middle = left + columns * width / 2;
    canvas.text(first.sharedX(), Palette.TEXT, middle, end + below / 2, columns * width, 16);
    legend(canvas.graphics(), first.legend(), canvas.width(), end + below + LEGEND / 2);
    canvas.graphics().rotate(-Math.PI / 2);
    canvas.text(first.sharedY(), Palette.TEXT, -(TITLE + end) / 2, left / 2, rows * height, 16);
    return canvas.png();
  }

  private static void legend(
      Graphics2D graphics, Map<String, Style> entries, int width, int middle) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    FontMetrics metrics = graphics.getFontMetrics();
    int gap = LEGEND_LINE + 8;
    int total =
        entries.keySet().stream().mapToInt(name -> metrics.stringWidth(name) + 2 * gap).sum();
    int x = (width - total) / 2 + gap / 2;
    for (Map.Entry<String, Style> entry : entries.entrySet()) {
      graphics.setColor(entry.getValue().color());
      graphics.setStroke(entry.getValue().stroke());
      graphics.drawLine(x, middle, x + LEGEND_LINE, middle);
      graphics.setColor(Palette.TEXT);
      graphics.drawString(entry.getKey(), x + gap, middle + metrics.getAscent() / 2 - 1);
      x += metrics.stringWidth(entry.getKey()) + 2 * gap;
    }
  }
}
