package nn.data;

/**
 * Moves images.
 *
 * @param reach the most pixels, in either direction along both axes; at least 1
 */
record Shift(int reach) implements Augmentation {
  /** Keeps the draws apart from those of the order of examples, of the same seed and epoch. */
  private static final long STREAM = 2L << 32;

  Shift {
    if (reach < 1) {
      throw new IllegalArgumentException("a shift reaches at least 1 pixel, not " + reach);
    }
  }

  @Override
  public byte[] images(Dataset data, long seed, int epoch) {
    SplitMix64 random = new SplitMix64(seed, STREAM + epoch);
    byte[] moved = new byte[data.images().length];
    for (int i = 0; i < data.size(); i++) {
      int down = random.next(2 * reach + 1) - reach;
      int right = random.next(2 * reach + 1) - reach;
      move(data, i * data.features(), down, right, moved);
    }
    return moved;
  }

  private static void move(Dataset data, int image, int down, int right, byte[] moved) {
    int rowLength = data.cols() * data.channels();
    int by = right * data.channels();
    int length = rowLength - Math.abs(by);
    for (int row = Math.max(0, down); row < Math.min(data.rows(), data.rows() + down); row++) {
      int from = image + (row - down) * rowLength + Math.max(0, -by);
      int to = image + row * rowLength + Math.max(0, by);
      System.arraycopy(data.images(), from, moved, to, Math.max(0, length));
    }
  }
}
