package nn.train;

import nn.data.Augmentation;
import nn.optim.Optimizer;
import nn.optim.Regularizer;
import nn.optim.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * How to train.
 *
 * @param batch examples in a step
 * @param epochs passes over the data
 * @param stepsPerEpoch full batches drawn with replacement that make an epoch; 0 for each example
 *     once, shuffled, the last batch perhaps short
 * @param seed of everything random: initial values, order of examples, dropout
 * @param optimizer the rule of the update
 * @param learningRate finite and not negative
 * @param schedule how the learning rate changes from step to step
 * @param regularizer a penalty on the weights, or null
 * @param clipNorm the greatest norm of the gradient; 0 does not clip
 * @param augmentation changes the images from epoch to epoch, or null
 */
public record TrainerOptions(
    int batch,
    int epochs,
    int stepsPerEpoch,
    long seed,
    Optimizer optimizer,
    double learningRate,
    Schedule schedule,
    @Nullable Regularizer regularizer,
    double clipNorm,
    @Nullable Augmentation augmentation) {

  public TrainerOptions {
    require(batch >= 1, "a batch holds at least 1 example", batch);
    require(epochs >= 0, "the number of epochs is not negative", epochs);
    require(stepsPerEpoch >= 0, "the number of steps is not negative", stepsPerEpoch);
    require(
        Double.isFinite(learningRate) && learningRate >= 0,
        "a learning rate is finite and not negative",
        learningRate);
    require(
        Double.isFinite(clipNorm) && clipNorm >= 0, "a norm to clip at is not negative", clipNorm);
  }

  private static void require(boolean holds, String rule, Number actual) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", but was " + actual);
    }
  }

  /** A shuffled pass over the data for each epoch, a constant learning rate, and nothing more. */
  public static TrainerOptions of(
      int batch, int epochs, long seed, Optimizer optimizer, double learningRate) {
    return new TrainerOptions(
        batch,
        epochs,
        0,
        seed,
        optimizer,
        learningRate,
        (base, step, total) -> base,
        null,
        0,
        null);
  }

  public TrainerOptions withStepsPerEpoch(int steps) {
    return new TrainerOptions(
        batch,
        epochs,
        steps,
        seed,
        optimizer,
        learningRate,
        schedule,
        regularizer,
        clipNorm,
        augmentation);
  }

  public TrainerOptions withSchedule(Schedule newSchedule) {
    return new TrainerOptions(
        batch,
        epochs,
        stepsPerEpoch,
        seed,
        optimizer,
        learningRate,
        newSchedule,
        regularizer,
        clipNorm,
        augmentation);
  }

  public TrainerOptions withRegularizer(@Nullable Regularizer newRegularizer) {
    return new TrainerOptions(
        batch,
        epochs,
        stepsPerEpoch,
        seed,
        optimizer,
        learningRate,
        schedule,
        newRegularizer,
        clipNorm,
        augmentation);
  }

  public TrainerOptions withClipNorm(double norm) {
    return new TrainerOptions(
        batch,
        epochs,
        stepsPerEpoch,
        seed,
        optimizer,
        learningRate,
        schedule,
        regularizer,
        norm,
        augmentation);
  }

  public TrainerOptions withAugmentation(@Nullable Augmentation newAugmentation) {
    return new TrainerOptions(
        batch,
        epochs,
        stepsPerEpoch,
        seed,
        optimizer,
        learningRate,
        schedule,
        regularizer,
        clipNorm,
        newAugmentation);
  }
}
