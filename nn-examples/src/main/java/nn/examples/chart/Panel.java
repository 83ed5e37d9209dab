package nn.examples.chart;

import java.awt.Graphics2D;

/** What fills a rectangle of a picture. */
interface Panel {
  /** In pixels. */
  int width();

  /** In pixels. */
  int height();

  /** Draws it, from the origin on. */
  void paint(Graphics2D graphics);
}
