package nn.examples.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import nn.data.DataException;
import nn.data.Dataset;
import nn.data.Mnist;

/** The command line as a process of its own, on small images that are made quickly. */
final class MiniTraining {
  private static final int SIDE = 8;
  private static final int CLASSES = 4;

  private MiniTraining() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(out, out, false);
    System.exit(
        Main.run(terminal, messages -> new Mnist(bars(130, 1), bars(60, 2), "memory"), args));
  }

  /** Images of noise with a bar, whose place is the class. */
  private static Dataset bars(int count, long seed) throws DataException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] images = new byte[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int i = 0; i < images.length; i++) {
      int image = i / (SIDE * SIDE);
      labels[image] = image % CLASSES;
      int light = i / SIDE % SIDE / 2 == labels[image] ? 90 : 0;
      images[i] = (byte) (light + random.nextInt(120));
    }
    return Dataset.of("bars", SIDE, SIDE, 1, CLASSES, images, labels);
  }
}
