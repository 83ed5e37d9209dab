package nn.train;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nn.backend.Backend;
import nn.backend.DType;
import nn.data.DataException;
import nn.data.Dataset;
import nn.layer.Layer;
import nn.loss.Loss;
import nn.optim.Optimizer;
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
  private TrainingLog log = new TrainingLog(0, 0);
  private boolean resumed;
  private @Nullable Checkpoints checkpoints;

  private record Checkpoints(Path file, int everySteps, Map<String, String> metadata) {
    Saves saves(Checkpoint checkpoint) {
      return new Saves(everySteps, log -> checkpoint.write(file, log, metadata));
    }
  }

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

  /** Steps that the parameters have been trained for. */
  public int stepsDone() {
    return log.stepsDone();
  }

  /** Epochs of the latest, or the resumed, call of {@link #fit} that are finished. */
  public int epochsDone() {
    return log.epochs().size();
  }

  public TrainerOptions options() {
    return options;
  }

  /**
   * Has {@link #fit} keep a checkpoint: at its start, then every so many steps.
   *
   * @param file replaced as a whole each time, so that a crash leaves a complete one
   * @param everySteps at least 1
   * @param metadata kept in the file too; names that begin with {@code training.} are taken
   */
  public void keepCheckpoints(Path file, int everySteps, Map<String, String> metadata) {
    if (everySteps < 1) {
      throw new IllegalArgumentException("a checkpoint every " + everySteps + " steps");
    }
    checkpoints = new Checkpoints(file, everySteps, Map.copyOf(metadata));
  }

  /**
   * Takes up a training where a checkpoint was written: the next {@link #fit}, with the same data
   * and listeners, ends bit for bit as if it had never been stopped. The schedule and the
   * regularizer must be the same; that cannot be checked.
   *
   * @throws DataException if the file is damaged, or of another model, other options or other data
   */
  public void resume(Path checkpoint, Dataset train) throws DataException {
    log = checkpoint(train).read(checkpoint);
    resumed = true;
  }

  private Checkpoint checkpoint(Dataset train) {
    return new Checkpoint(model, parameters, step.update(), setup(train));
  }

  /** What bits depend on and has a name. */
  private Map<String, String> setup(Dataset train) {
    Optimizer optimizer = options.optimizer();
    return Map.of(
        "seed", String.valueOf(options.seed()),
        "batch size", String.valueOf(options.batch()),
        "number of epochs", String.valueOf(options.epochs()),
        "steps per epoch", String.valueOf(options.stepsPerEpoch()),
        "learning rate", String.valueOf(options.learningRate()),
        "clipping norm", String.valueOf(options.clipNorm()),
        "optimizer",
            optimizer instanceof Record ? optimizer.toString() : optimizer.getClass().getName(),
        "augmentation", String.valueOf(options.augmentation()),
        "data", train.name() + " " + train.sha256());
  }

  /**
   * Trains for the epochs of the options. Called again it goes on: steps and epochs count further.
   *
   * @param test evaluated after each epoch; null to leave that out
   * @throws DivergedException if a step's loss is not finite
   * @throws UncheckedIOException if a checkpoint cannot be written
   */
  public History fit(Dataset train, @Nullable Dataset test, List<? extends Listener> listeners) {
    try (DeviceDataset trainData = new DeviceDataset(backend, train);
        DeviceDataset testData = test == null ? null : new DeviceDataset(backend, test);
        Evaluator evaluator = testData == null ? null : new Evaluator(parameters, model, testData);
        EpochRunner runner = new EpochRunner(backend, step, trainData, options)) {
      return fit(runner, evaluator, listeners, saves(train));
    }
  }

  private Saves saves(Dataset train) {
    return checkpoints == null ? Saves.NONE : checkpoints.saves(checkpoint(train));
  }

  private History fit(
      EpochRunner runner,
      @Nullable Evaluator evaluator,
      List<? extends Listener> listeners,
      Saves saves) {
    boolean goOn = true;
    if (resumed) {
      for (EpochResult result : log.epochs()) {
        goOn &= tell(listeners, result);
      }
      resumed = false;
    } else {
      log = new TrainingLog(log.epoch(), log.stepsDone());
      saves.begin(log);
    }
    while (goOn && log.epochs().size() < options.epochs()) {
      runner.run(log, listeners, saves);
      double accuracy = evaluator == null ? Double.NaN : evaluator.accuracy();
      goOn = tell(listeners, log.endEpoch(runner.examples(), accuracy));
    }
    return log.history();
  }

  private static boolean tell(List<? extends Listener> listeners, EpochResult result) {
    boolean goOn = true;
    for (Listener listener : listeners) {
      goOn &= listener.onEpochEnd(result);
    }
    return goOn;
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
