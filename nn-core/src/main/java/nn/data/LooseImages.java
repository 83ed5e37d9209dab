package nn.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Images without labels, to be classified: from an image file one, from an IDX file many. */
public final class LooseImages {
  private LooseImages() {}

  /**
   * Reads the images of a file for a model that takes images of a certain size. Colours are turned
   * to gray where the model knows but gray.
   *
   * @param file PNG, JPEG, GIF or BMP; or IDX of unsigned bytes [rows, cols], [n, rows, cols] or
   *     [n, rows, cols, channels], plain or gzip
   * @return every label is 0
   * @throws DataException where the file is absent, damaged, no image, or of another size
   */
  public static Dataset read(Path file, int rows, int cols, int channels) throws DataException {
    byte[] images =
        isIdx(file) ? idx(file, rows, cols, channels) : picture(file, rows, cols, channels);
    int count = images.length / (rows * cols * channels);
    return Dataset.of(DataFiles.name(file), rows, cols, channels, 1, images, new int[count]);
  }

  /** No image begins with two zeros or as gzip does. */
  private static boolean isIdx(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(2);
      return start.length == 2
          && (start[0] == 0 && start[1] == 0 || start[0] == 0x1f && start[1] == (byte) 0x8b);
    } catch (IOException e) {
      return false; // reading it as a picture will tell what is wrong
    }
  }

  private static byte[] picture(Path file, int rows, int cols, int channels) throws DataException {
    Picture picture = Picture.read(file);
    if (picture.rows() != rows || picture.cols() != cols) {
      throw new DataException(
          "%s: is %d pixels wide and %d high; the model takes %d by %d: scale or crop it"
              .formatted(file, picture.cols(), picture.rows(), cols, rows));
    }
    if (channels != 1 && channels != 3) {
      throw new DataException(
          file + ": the model takes " + channels + " values a pixel, which no image file has");
    }
    return picture.pixels(channels);
  }

  private static byte[] idx(Path file, int rows, int cols, int channels) throws DataException {
    Idx idx = Idx.read(file);
    int[] shape = idx.shape();
    int[] image = {rows, cols, channels};
    boolean fits =
        idx.type() == Idx.ElementType.U8
            && (channels == 1 && endsWith(shape, rows, cols) && shape.length <= 3
                || endsWith(shape, image) && shape.length <= 4);
    if (!fits) {
      throw new DataException(
          "%s: holds %s %s; the model takes U8 images of %s"
              .formatted(file, idx.type(), Arrays.toString(shape), Arrays.toString(image)));
    }
    return idx.bytes();
  }

  private static boolean endsWith(int[] shape, int... end) {
    int from = shape.length - end.length;
    return from >= 0 && Arrays.equals(Arrays.copyOfRange(shape, from, shape.length), end);
  }
}
