package nn.data;

/** Changes training images from epoch to epoch, so that a model sees each in several ways. */
@FunctionalInterface
public interface Augmentation {

  /**
   * The images of an epoch. Depends on nothing but its arguments.
   *
   * @param data the images as they are
   * @param epoch from 0
   * @return unsigned bytes of shape [size, features]
   */
  byte[] images(Dataset data, long seed, int epoch);

  /** Moves each image by up to so many pixels in each direction; what comes in is black. */
  static Augmentation shift(int reach) {
    return new Shift(reach);
  }
}
