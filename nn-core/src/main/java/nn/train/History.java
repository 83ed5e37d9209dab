package nn.train;

import java.util.List;

/**
 * A finished training.
 *
 * @param epochs in their order
 * @param losses of every step
 * @param trainSeconds from the first step on, compilation counted, evaluation not
 */
public record History(List<EpochResult> epochs, List<Float> losses, double trainSeconds) {
  public History {
    epochs = List.copyOf(epochs);
    losses = List.copyOf(losses);
  }

  /** After the last epoch; NaN if there was none. */
  public double testAccuracy() {
    return epochs.isEmpty() ? Double.NaN : epochs.getLast().testAccuracy();
  }
}
