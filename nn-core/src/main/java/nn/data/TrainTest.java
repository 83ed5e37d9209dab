package nn.data;

/**
 * A data set in two parts.
 *
 * @param train to learn from
 * @param test to judge by
 * @param source where it was read from, in words
 */
public record TrainTest(Dataset train, Dataset test, String source) {
  private static final int HELD_OUT = 6;

  /** Holds out a sixth of the examples, drawn by a fixed seed, to judge by. */
  static TrainTest split(Dataset all, String source) throws DataException {
    int test = all.size() / HELD_OUT;
    if (test == 0) {
      throw new DataException(
          "%s: %d images are too few to learn from and to judge by; at least %d are needed"
              .formatted(source, all.size(), HELD_OUT));
    }
    Dataset shuffled = all.shuffled(0);
    return new TrainTest(
        shuffled.subset(test, all.size()),
        shuffled.take(test),
        source + ", a sixth of it held out as test images");
  }
}
