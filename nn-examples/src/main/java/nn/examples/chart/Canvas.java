package nn.examples.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A white picture to draw on, with the bundled font. */
final class Canvas {
  private final BufferedImage image;
  private final Graphics2D graphics;

  Canvas(int width, int height) {
    BundledFont.install();
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    fill(Color.WHITE, 0, 0, width, height);
  }

  int width() {
    return image.getWidth();
  }

  Graphics2D graphics() {
    return graphics;
  }

  void fill(Color color, int x, int y, int width, int height) {
    graphics.setColor(color);
    graphics.fillRect(x, y, width, height);
  }

  /** Draws a picture with each pixel as a square of so many. */
  void draw(BufferedImage picture, int x, int y, int zoom) {
    int width = picture.getWidth() * zoom;
    graphics.drawImage(picture, x, y, width, picture.getHeight() * zoom, null);
  }

  /** Writes a line around a point, as large as fits a width, at most so high. */
  void text(String text, Color color, int centreX, int centreY, int width, int size) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, size);
    FontMetrics metrics = graphics.getFontMetrics(font);
    while (metrics.stringWidth(text) > width && font.getSize() > 7) {
      font = font.deriveFont(font.getSize2D() - 1);
      metrics = graphics.getFontMetrics(font);
    }
    graphics.setFont(font);
    graphics.setColor(color);
    int baseline = centreY + (metrics.getAscent() - metrics.getDescent()) / 2;
    graphics.drawString(text, centreX - metrics.stringWidth(text) / 2, baseline);
  }

  byte[] png() throws IOException {
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
