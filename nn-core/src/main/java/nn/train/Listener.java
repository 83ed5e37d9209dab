package nn.train;

/** Told of a training's progress; both methods do nothing by default. */
public interface Listener {

  /** Some steps are done. Called at most about ten times a second. */
  default void onProgress(Progress progress) {}

  /**
   * An epoch is done.
   *
   * @return whether to go on
   */
  default boolean onEpochEnd(EpochResult result) {
    return true;
  }
}
