package nn.examples.chart;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import nn.data.Dataset;
import nn.train.Mistake;

/** The images that a model gets most wrong, on one sheet. */
public final class MistakeSheet {
  private static final int COLUMNS = 8;
  private static final int ROWS = 5;
  private static final int PICTURE = 112;
  private static final int GAP = 12;
  private static final int CAPTION = 22;

  private MistakeSheet() {}

  /**
   * Draws a PNG file with up to 40 images. Below each: its class, then what it was taken for and
   * how probable the model held that.
   *
   * @param mistakes at least one, the worst first
   */
  public static byte[] png(Dataset data, List<Mistake> mistakes) throws IOException {
    int count = Math.min(mistakes.size(), COLUMNS * ROWS);
    int zoom = Math.max(1, PICTURE / Math.max(data.rows(), data.cols()));
    int width = Math.max(PICTURE, zoom * data.cols()) + GAP;
    int height = zoom * data.rows() + CAPTION + GAP;
    int columns = Math.min(count, COLUMNS);
    Canvas canvas = new Canvas(GAP + columns * width, GAP + Math.ceilDiv(count, COLUMNS) * height);
    for (int i = 0; i < count; i++) {
      Mistake mistake = mistakes.get(i);
      int x = GAP + i % COLUMNS * width;
      int y = GAP + i / COLUMNS * height;
      canvas.draw(
          image(data, mistake.index()), x + (width - GAP - zoom * data.cols()) / 2, y, zoom);
      String caption =
          "%s \u2192 %s  %.2f"
              .formatted(
                  data.classNames().get(mistake.label()),
                  data.classNames().get(mistake.predicted()),
                  mistake.ofPredicted());
      canvas.text(
          caption,
          Palette.TEXT,
          x + (width - GAP) / 2,
          y + height - GAP - CAPTION / 2,
          width - 4,
          15);
    }
    return canvas.png();
  }

  private static BufferedImage image(Dataset data, int index) {
    BufferedImage image = new BufferedImage(data.cols(), data.rows(), BufferedImage.TYPE_INT_RGB);
    int start = index * data.features();
    for (int i = 0; i < data.rows() * data.cols(); i++) {
      int rgb = 0;
      for (int channel = 0; channel < 3; channel++) {
        int offset = i * data.channels() + Math.min(channel, data.channels() - 1);
        rgb = rgb << 8 | data.images()[start + offset] & 0xff;
      }
      image.setRGB(i % data.cols(), i / data.cols(), rgb);
    }
    return image;
  }
}
