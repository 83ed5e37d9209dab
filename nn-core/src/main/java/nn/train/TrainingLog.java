package nn.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a training stands and what it has come to: with the parameters and the optimizer's state
 * all that a checkpoint keeps, since the order of examples and all randomness follow from the seed,
 * the epoch and the step.
 */
final class TrainingLog {
  private final int firstEpoch;
  private final int firstStep;
  private final List<EpochResult> epochs;
  private final List<Float> losses;
  private int step;
  private double correct;
  private double seconds;

  /**
   * The beginning of a training.
   *
   * @param firstEpoch epochs that the model was trained for before
   * @param firstStep steps that the model was trained for before
   */
  TrainingLog(int firstEpoch, int firstStep) {
    this(firstEpoch, firstStep, List.of(), List.of(), 0, 0, 0);
  }

  /**
   * A training that has come some way.
   *
   * @param epochs finished ones
   * @param losses of all its steps
   * @param step how many of them belong to an epoch that is not finished
   * @param correct of that epoch's examples, how many were classified right
   * @param seconds spent on that epoch
   */
  TrainingLog(
      int firstEpoch,
      int firstStep,
      List<EpochResult> epochs,
      List<Float> losses,
      int step,
      double correct,
      double seconds) {
    this.firstEpoch = firstEpoch;
    this.firstStep = firstStep;
    this.epochs = new ArrayList<>(epochs);
    this.losses = new ArrayList<>(losses);
    this.step = step;
    this.correct = correct;
    this.seconds = seconds;
  }

  int firstEpoch() {
    return firstEpoch;
  }

  int firstStep() {
    return firstStep;
  }

  /** Finished epochs of this training. */
  List<EpochResult> epochs() {
    return epochs;
  }

  /** Of all steps of this training. */
  List<Float> losses() {
    return losses;
  }

  /** Steps done of the present epoch. */
  int step() {
    return step;
  }

  /** Of the present epoch's examples so far, how many were classified right. */
  double correct() {
    return correct;
  }

  /** Spent on the present epoch's steps. */
  double seconds() {
    return seconds;
  }

  /** The present epoch in the model's whole life, from 0. */
  int epoch() {
    return firstEpoch + epochs.size();
  }

  /** Steps done in the model's whole life. */
  int stepsDone() {
    return firstStep + losses.size();
  }

  /** Mean over the present epoch's steps; NaN before the first. */
  double meanLoss() {
    return losses.subList(losses.size() - step, losses.size()).stream()
        .mapToDouble(Float::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Adds steps of the present epoch.
   *
   * @throws DivergedException if a loss is not finite
   */
  void add(float[] stepLosses, float[] stepCorrect, double tookSeconds) {
    seconds += tookSeconds;
    for (int i = 0; i < stepLosses.length; i++) {
      if (!Float.isFinite(stepLosses[i])) {
        throw new DivergedException(stepsDone(), stepLosses[i]);
      }
      losses.add(stepLosses[i]);
      correct += stepCorrect[i];
      step++;
    }
  }

  /** Ends the present epoch. */
  EpochResult endEpoch(int examples, double testAccuracy) {
    EpochResult result =
        new EpochResult(
            epochs.size() + 1,
            meanLoss(),
            correct / examples,
            testAccuracy,
            seconds,
            examples / seconds);
    epochs.add(result);
    step = 0;
    correct = 0;
    seconds = 0;
    return result;
  }

  History history() {
    double trainSeconds = epochs.stream().mapToDouble(EpochResult::seconds).sum();
    return new History(epochs, losses, trainSeconds);
  }
}
