package nn.tensor;

import nn.backend.Layout;
import nn.backend.Shape;

/**
 * A window that slides over images: of a convolution or of pooling. All counts are in pixels.
 *
 * @param height of the window, at least 1
 * @param width of the window, at least 1
 * @param strideHeight from a window to the next one below, at least 1
 * @param strideWidth from a window to the next one beside it, at least 1
 * @param paddingHeight rows added above and below an image, at least 0
 * @param paddingWidth columns added at the left and at the right, at least 0
 */
public record Window(
    int height, int width, int strideHeight, int strideWidth, int paddingHeight, int paddingWidth) {

  public Window {
    boolean valid =
        height > 0
            && width > 0
            && strideHeight > 0
            && strideWidth > 0
            && paddingHeight >= 0
            && paddingWidth >= 0;
    if (!valid) {
      throw new IllegalArgumentException(
          "a window has a size and a stride of at least 1 and a padding of at least 0, unlike "
              + "%dx%d, stride %dx%d, padding %dx%d"
                  .formatted(
                      height, width, strideHeight, strideWidth, paddingHeight, paddingWidth));
    }
  }

  /** A square window that moves by one pixel, without padding. */
  public static Window of(int size) {
    return new Window(size, size, 1, 1, 0, 0);
  }

  /** The same window that moves by so many pixels, down and across. */
  public Window stride(int stride) {
    return new Window(height, width, stride, stride, paddingHeight, paddingWidth);
  }

  /** The same window over images with so many pixels added at each edge. */
  public Window padding(int padding) {
    return new Window(height, width, strideHeight, strideWidth, padding, padding);
  }

  /** The same window over images that are padded already. */
  Window unpadded() {
    return padding(0);
  }

  boolean isPadded() {
    return paddingHeight > 0 || paddingWidth > 0;
  }

  /** Whether no pixel is in two windows. */
  boolean isDisjoint() {
    return strideHeight >= height && strideWidth >= width;
  }

  /** The number of pixels of a window. */
  int taps() {
    return height * width;
  }

  /** The shape of the images that come of others with as many channels; see {@link #over}. */
  Shape over(Shape images) {
    return over(images, 1).with(3, images.dim(3));
  }

  /**
   * The shape of the images that come of others.
   *
   * @param images [n, height, width, channels]
   * @param channels of the results
   * @throws IllegalArgumentException if these are no images, or not even one window fits
   */
  public Shape over(Shape images, int channels) {
    boolean fits =
        images.rank() == 4
            && images.dim(1) + 2 * paddingHeight >= height
            && images.dim(2) + 2 * paddingWidth >= width;
    if (!fits) {
      throw new IllegalArgumentException(
          "%s slides over images [n, height, width, channels] of at least its size, not %s"
              .formatted(this, images));
    }
    int rows = (images.dim(1) + 2 * paddingHeight - height) / strideHeight + 1;
    int columns = (images.dim(2) + 2 * paddingWidth - width) / strideWidth + 1;
    return Shape.of(images.dim(0), rows, columns, channels);
  }

  /**
   * The pixels of each window.
   *
   * @param images [n, height, width, channels], padded
   * @return [n, windows down, windows across, window's height, window's width, channels]
   */
  Layout windows(Layout images) {
    return images
        .unfold(1, height, strideHeight)
        .unfold(2, width, strideWidth)
        .permute(0, 1, 2, 4, 5, 3);
  }

  /**
   * One pixel of each window.
   *
   * @return [n, windows down, windows across, channels]
   */
  Layout tap(Layout images, int row, int column) {
    return windows(images).select(4, column).select(3, row);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("a window of %dx%d".formatted(height, width));
    if (strideHeight != 1 || strideWidth != 1) {
      text.append(", stride %dx%d".formatted(strideHeight, strideWidth));
    }
    if (isPadded()) {
      text.append(", padding %dx%d".formatted(paddingHeight, paddingWidth));
    }
    return text.toString();
  }
}
