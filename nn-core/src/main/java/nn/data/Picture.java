package nn.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image as any program may have drawn it: PNG, JPEG, GIF or BMP. Where it is transparent, it is
 * black.
 */
public final class Picture {
  private final int rows;
  private final int cols;
  private final byte[] rgb;

  private Picture(int rows, int cols, byte[] rgb) {
    this.rows = rows;
    this.cols = cols;
    this.rgb = rgb;
  }

  /** Height in pixels. */
  public int rows() {
    return rows;
  }

  /** Width in pixels. */
  public int cols() {
    return cols;
  }

  /**
   * Reads an image file.
   *
   * @throws DataException where it is absent, damaged, or no image of a kind that is known
   */
  public static Picture read(Path file) throws DataException {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; name an image in it");
    }
    try (InputStream in = Files.newInputStream(file);
        ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new DataException(file + ": is no image; PNG, JPEG, GIF and BMP are known");
      }
      return of(decode(readers.next(), stream));
    } catch (DataException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file; check the path", e);
    } catch (AccessDeniedException e) {
      throw new DataException(file + ": may not be read; check its permissions", e);
    } catch (IOException | RuntimeException e) { // readers let damaged data run into any exception
      throw new DataException(
          file + ": is damaged, or no image (" + e.getMessage() + "); get the file again", e);
    }
  }

  /** The JDK's reader of JPEG only warns where pixels are missing. */
  private static BufferedImage decode(ImageReader reader, ImageInputStream stream)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    reader.setInput(stream);
    try {
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) {
        throw new IOException(warnings.getFirst());
      }
      return image;
    } finally {
      reader.dispose();
    }
  }

  private static Picture of(BufferedImage image) {
    int rows = image.getHeight();
    int cols = image.getWidth();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(rows, cols))];
    for (int i = 0; i < rows * cols; i++) {
      int argb = argb(image, i % cols, i / cols);
      for (int channel = 0; channel < 3; channel++) {
        int value = argb >> (16 - 8 * channel) & 0xff;
        rgb[3 * i + channel] = (byte) ((value * (argb >>> 24) + 127) / 255);
      }
    }
    return new Picture(rows, cols, rgb);
  }

  /** AWT takes gray for linear light and would brighten it: its samples count as they are. */
  private static int argb(BufferedImage image, int x, int y) {
    ColorModel colors = image.getColorModel();
    if (colors.getColorSpace().getType() != ColorSpace.TYPE_GRAY) {
      return image.getRGB(x, y);
    }
    int excess = colors.getComponentSize(0) - Byte.SIZE;
    int gray = image.getRaster().getSample(x, y, 0) >> excess;
    int alpha = colors.hasAlpha() ? image.getRaster().getSample(x, y, 1) >> excess : 0xff;
    return alpha << 24 | 0x010101 * gray;
  }

  /** Whether every pixel is as red as it is green and blue. */
  public boolean isGray() {
    for (int i = 0; i < rgb.length; i += 3) {
      if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The pixels with so many values each: 3 as they are, 1 as the luma of Rec. 601, which leaves
   * gray as it is.
   *
   * @return unsigned bytes of shape [rows, cols, channels]
   */
  public byte[] pixels(int channels) {
    return switch (channels) {
      case 3 -> rgb.clone();
      case 1 -> luma();
      default ->
          throw new IllegalArgumentException("images have 1 or 3 values a pixel, not " + channels);
    };
  }

  private byte[] luma() {
    byte[] gray = new byte[rows * cols];
    for (int i = 0; i < gray.length; i++) {
      int red = rgb[3 * i] & 0xff;
      int green = rgb[3 * i + 1] & 0xff;
      int blue = rgb[3 * i + 2] & 0xff;
      gray[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }
    return gray;
  }
}
