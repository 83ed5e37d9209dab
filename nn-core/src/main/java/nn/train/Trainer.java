package nn.train;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Backend;
import nn.backend.DType;
import nn.data.Dataset;
import nn.layer.Layer;
import nn.loss.Loss;
import nn.tensor.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Trains a classifier. The step is recorded once and replayed; the data set stays on the device.
 * Same seed, same backend, same device: bitwise the same run.
 */
public final class Trainer implements AutoCloseable {
  private final Backend backend;
  private final Layer model;
  private final TrainerOptions options;
  private final Parameters parameters;
  private final TrainingStep step;
  private int stepsDone;
  private int epochsDone;

  /**
   * Declares and initializes the model's parameters on the backend, which stays the caller's.
   *
   * @param model gives logits [n, classes] for pixels [n, features] in [0, 1]
   */
  public Trainer(Backend backend, Layer model, Loss loss, TrainerOptions options) {
    this.backend = backend;
    this.model = model;
    this.options = options;
    parameters = new Parameters(backend, DType.F32, model.parameters(), options.seed());
    step =
        new TrainingStep(
            parameters,
            model,
            loss,
            options.optimizer(),
            options.regularizer(),
            options.clipNorm());
  }

  public Parameters parameters() {
    return parameters;
  }

  public TrainerOptions options() {
    return options;
  }

  /**
   * Trains for the epochs of the options. Called again it goes on: steps and epochs count further.
   *
   * @param test evaluated after each epoch; null to leave that out
   * @throws DivergedException if a step's loss is not finite
   */
  public History fit(Dataset train, @Nullable Dataset test, List<? extends Listener> listeners) {
    try (DeviceDataset trainData = new DeviceDataset(backend, train);
        DeviceDataset testData = test == null ? null : new DeviceDataset(backend, test);
        Evaluator evaluator = testData == null ? null : new Evaluator(parameters, model, testData);
        EpochRunner runner = new EpochRunner(backend, step, trainData, options)) {
      return fit(runner, evaluator, listeners);
    }
  }

  private History fit(
      EpochRunner runner, @Nullable Evaluator evaluator, List<? extends Listener> listeners) {
    List<EpochResult> results = new ArrayList<>();
    List<Float> losses = new ArrayList<>();
    double seconds = 0;
    boolean goOn = true;
    for (int i = 0; i < options.epochs() && goOn; i++) {
      EpochRunner.Epoch epoch = runner.run(epochsDone, stepsDone, i + 1, listeners);
      epochsDone++;
      stepsDone += epoch.losses().size();
      losses.addAll(epoch.losses());
      seconds += epoch.seconds();
      EpochResult result =
          epoch.result(i + 1, evaluator == null ? Double.NaN : evaluator.accuracy());
      results.add(result);
      for (Listener listener : listeners) {
        goOn &= listener.onEpochEnd(result);
      }
    }
    return new History(results, losses, seconds);
  }

  /** The share of a data set's examples that the model as it is classifies right, 0 to 1. */
  public double accuracy(Dataset data) {
    try (DeviceDataset resident = new DeviceDataset(backend, data);
        Evaluator evaluator = new Evaluator(parameters, model, resident)) {
      return evaluator.accuracy();
    }
  }

  /** Frees the parameters and the optimizer's state. */
  @Override
  public void close() {
    step.close();
    parameters.close();
  }
}
