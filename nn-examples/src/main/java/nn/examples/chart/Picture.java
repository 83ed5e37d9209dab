package nn.examples.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

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
    BufferedImage image = blank(width, height);
    Graphics2D graphics = image.createGraphics();
    for (Panel panel : panels) {
      panel.paint(graphics);
      graphics.translate(0, panel.height());
    }
    graphics.dispose();
    return png(image);
  }

  /**
   * Panels in rows, with one title above and one legend below. The legend is that of the first
   * panel, and so is what small panels say about their axes.
   *
   * @param panels of one size, at least one
   */
  public static byte[] grid(String title, int columns, List<Axes> panels) throws IOException {
    Axes first = panels.getFirst();
    int width = first.size().width;
    int height = first.size().height;
    int rows = Math.ceilDiv(panels.size(), columns);
    int left = first.sharedY().isEmpty() ? 0 : AXIS_NAME;
    int below = first.sharedX().isEmpty() ? 0 : AXIS_NAME;
    int bottom = first.legend().isEmpty() ? 0 : LEGEND;
    int end = TITLE + rows * height;
    BufferedImage image = blank(left + columns * width, end + below + bottom);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    title(graphics, title, image.getWidth());
    for (int i = 0; i < panels.size(); i++) {
      int x = left + i % columns * width;
      int y = TITLE + i / columns * height;
      Graphics2D part = (Graphics2D) graphics.create(x, y, width, height);
      panels.get(i).paint(part);
      part.dispose();
    }
    axisName(graphics, first.sharedX(), left + columns * width / 2, end + below / 2);
    graphics.rotate(-Math.PI / 2);
    axisName(graphics, first.sharedY(), -(TITLE + end) / 2, left / 2);
    graphics.rotate(Math.PI / 2);
    legend(graphics, first.legend(), image.getWidth(), image.getHeight() - LEGEND / 2);
    graphics.dispose();
    return png(image);
  }

  private static void title(Graphics2D graphics, String title, int width) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 20));
    graphics.setColor(Palette.TEXT);
    int textWidth = graphics.getFontMetrics().stringWidth(title);
    graphics.drawString(title, (width - textWidth) / 2, TITLE - 14);
  }

  private static void axisName(Graphics2D graphics, String name, int centreX, int centreY) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 16));
    graphics.setColor(Palette.TEXT);
    FontMetrics metrics = graphics.getFontMetrics();
    int baseline = centreY + (metrics.getAscent() - metrics.getDescent()) / 2;
    graphics.drawString(name, centreX - metrics.stringWidth(name) / 2, baseline);
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

  private static BufferedImage blank(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
