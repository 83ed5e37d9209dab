package nn.metric;

import java.util.Arrays;

/** How often each class was taken for each other. */
public final class ConfusionMatrix {
  private final int[][] counts;

  /**
   * Counts.
   *
   * @param predictions the predicted classes
   * @param labels the true classes, as many
   * @param classes their number; predictions and labels lie in [0, classes)
   */
  public ConfusionMatrix(int[] predictions, int[] labels, int classes) {
    if (predictions.length != labels.length) {
      throw new IllegalArgumentException(
          predictions.length + " predictions for " + labels.length + " labels");
    }
    counts = new int[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      counts[inRange(labels[i])][inRange(predictions[i])]++;
    }
  }

  private int inRange(int label) {
    if (label < 0 || label >= counts.length) {
      throw new IllegalArgumentException("no class " + label + " among " + counts.length);
    }
    return label;
  }

  /** How many examples of a class were predicted to be of a class. */
  public int count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /** The share predicted right, 0 to 1; NaN if there are no examples. */
  public double accuracy() {
    long hits = 0;
    long all = 0;
    for (int i = 0; i < counts.length; i++) {
      hits += counts[i][i];
      all += Arrays.stream(counts[i]).sum();
    }
    return hits / (double) all;
  }

  /** Of the examples predicted to be of a class, the share that are; NaN if there are none. */
  public double precision(int label) {
    return counts[label][label] / (double) Arrays.stream(counts).mapToInt(c -> c[label]).sum();
  }

  /** Of the examples of a class, the share predicted to be; NaN if there are none. */
  public double recall(int label) {
    return counts[label][label] / (double) Arrays.stream(counts[label]).sum();
  }

  /** The counts, a row for each actual class. */
  @Override
  public String toString() {
    return Arrays.deepToString(counts);
  }
}
