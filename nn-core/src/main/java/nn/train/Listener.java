package nn.train;

/** Told of a training's progress; its methods do nothing by default. */
public interface Listener {

  /**
   * Some steps are done.
   *
   * @param firstStep the first of them in the model's whole training, from 0
   * @param losses one for each, taken before its update; not to be written to
   */
  default void onSteps(int firstStep, float[] losses) {}

  /** Some steps are done. Called at most about ten times a second. */
  default void onProgress(Progress progress) {}

  /**
   * An epoch is done. A training that is resumed first tells of the epochs before its checkpoint.
   *
   * @return whether to go on
   */
  default boolean onEpochEnd(EpochResult result) {
    return true;
  }
}
