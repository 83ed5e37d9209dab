package nn.train;

import java.io.Serial;

/** The loss is no longer a finite number. */
public final class DivergedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int step;

  /**
   * @param step of the whole training, from 0
   */
  public DivergedException(int step, double loss) {
    super(
        "the loss became "
            + loss
            + " at step "
            + step
            + "; try a smaller learning rate, clipping the gradient's norm, or another initialization");
    this.step = step;
  }

  /** The first step whose loss is not finite, from 0. */
  public int step() {
    return step;
  }
}
