package nn.train;

import java.util.SplittableRandom;
import nn.data.DataException;
import nn.data.Dataset;

/** Small images of noise around a bright bar, whose place is the class: easy, but not trivial. */
final class Clusters {
  static final int CLASSES = 4;
  static final int SIDE = 6;

  private Clusters() {}

  static Dataset of(int examples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] images = new byte[examples * SIDE * SIDE];
    int[] labels = new int[examples];
    for (int i = 0; i < examples; i++) {
      labels[i] = random.nextInt(CLASSES);
      for (int p = 0; p < SIDE * SIDE; p++) {
        int light = p / SIDE == labels[i] ? 90 : 0;
        images[i * SIDE * SIDE + p] = (byte) (light + random.nextInt(120));
      }
    }
    try {
      return Dataset.of("clusters", SIDE, SIDE, 1, CLASSES, images, labels);
    } catch (DataException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
