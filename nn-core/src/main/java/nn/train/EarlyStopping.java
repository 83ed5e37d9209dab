package nn.train;

/** Ends a training once the test accuracy has not risen for some epochs. */
public final class EarlyStopping implements Listener {
  private final int patience;
  private double best = Double.NEGATIVE_INFINITY;
  private int waited;

  /**
   * @param patience epochs without a rise after which to stop, at least 1
   */
  public EarlyStopping(int patience) {
    if (patience < 1) {
      throw new IllegalArgumentException("patience is at least one epoch, not " + patience);
    }
    this.patience = patience;
  }

  @Override
  public boolean onEpochEnd(EpochResult result) {
    if (result.testAccuracy() > best) {
      best = result.testAccuracy();
      waited = 0;
    } else {
      waited++;
    }
    return waited < patience;
  }
}
