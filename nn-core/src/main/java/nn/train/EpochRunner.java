package nn.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.Operand;
import nn.data.Augmentation;
import nn.data.Batches;
import nn.plan.Plan;
import nn.tensor.Mode;
import nn.tensor.Scope;

/**
 * Runs epochs over one resident data set, by a plan for full batches and one for a last short
 * batch.
 */
final class EpochRunner implements AutoCloseable {
  /** Steps are replayed in slices of about this long, after each of which listeners hear of it. */
  private static final double SLICE_SECONDS = 0.1;

  private final Backend backend;
  private final TrainingStep step;
  private final DeviceDataset data;
  private final TrainerOptions options;
  private final Batches batches;
  private final int fullSteps;
  private final int shortRows;
  private final StepArrays arrays;
  private final Map<Integer, Plan> plans = new HashMap<>();

  EpochRunner(Backend backend, TrainingStep step, DeviceDataset data, TrainerOptions options) {
    this.backend = backend;
    this.step = step;
    this.data = data;
    this.options = options;
    batches = new Batches(data.host().size(), options.batch());
    boolean draws = options.stepsPerEpoch() > 0;
    fullSteps = draws ? options.stepsPerEpoch() : batches.full();
    shortRows = draws ? 0 : batches.remainder();
    arrays = new StepArrays(backend, steps(), examples(), options.optimizer().scalarCount());
  }

  private int steps() {
    return fullSteps + (shortRows > 0 ? 1 : 0);
  }

  /** Examples that an epoch learns from. */
  int examples() {
    return Math.addExact(Math.multiplyExact(fullSteps, options.batch()), shortRows);
  }

  /**
   * Runs an epoch to its end from where the log stands, and adds its steps to that.
   *
   * @param saves called where a checkpoint is due
   */
  void run(TrainingLog log, List<? extends Listener> listeners, Saves saves) {
    int firstStep = log.stepsDone() - log.step();
    Augmentation augmentation = options.augmentation();
    if (augmentation != null) {
      data.write(augmentation.images(data.host(), options.seed(), log.epoch()));
    }
    arrays.rewind(log.step(), order(log.epoch()), scalars(firstStep), seeds(log.epoch()));
    Meter meter = new Meter(log, listeners, saves);
    while (log.step() < fullSteps) {
      meter.replay(Math.min(meter.slice, fullSteps - log.step()), options.batch());
    }
    if (log.step() < steps()) {
      meter.replay(1, shortRows);
    }
  }

  private Plan record(int rows) {
    return Plan.record(
        backend,
        recorder -> {
          try (Scope scope = new Scope(recorder, step.parameters(), Mode.TRAIN)) {
            Operand order = arrays.order(rows, options.batch());
            step.run(scope, s -> data.gather(s, order), slots());
            arrays.advance(scope);
          }
        });
  }

  private TrainingStep.Slots slots() {
    return new TrainingStep.Slots(arrays.seed(), arrays::scalar, arrays.loss(), arrays.correct());
  }

  private int[] order(int epoch) {
    return options.stepsPerEpoch() > 0
        ? batches.epochDraws(options.seed(), epoch, fullSteps)
        : batches.epochOrder(options.seed(), epoch);
  }

  private float[] scalars(int firstStep) {
    int count = options.optimizer().scalarCount();
    int total = options.epochs() * steps();
    float[] values = new float[steps() * count];
    for (int i = 0; i < steps(); i++) {
      double rate = options.schedule().rate(options.learningRate(), firstStep + i, total);
      double[] numbers = options.optimizer().scalars(rate, firstStep + i + 1);
      for (int j = 0; j < count; j++) {
        values[i * count + j] = (float) numbers[j];
      }
    }
    return values;
  }

  private int[] seeds(int epoch) {
    return new SplittableRandom(options.seed() ^ (epoch + 1L) << 32).ints(steps()).toArray();
  }

  /** Replays steps, reads their results and reports. */
  private final class Meter {
    private final TrainingLog log;
    private final List<? extends Listener> listeners;
    private final Saves saves;
    private int slice = 1;

    Meter(TrainingLog log, List<? extends Listener> listeners, Saves saves) {
      this.log = log;
      this.listeners = listeners;
      this.saves = saves;
    }

    void replay(int most, int rows) {
      int steps = saves.untilNext(log.stepsDone(), most);
      int from = log.step();
      int firstStep = log.stepsDone();
      long before = System.nanoTime();
      plans.computeIfAbsent(rows, EpochRunner.this::record).run(steps);
      float[] losses = arrays.readLosses(from, from + steps);
      float[] correct = arrays.readCorrect(from, from + steps);
      double took = Math.max(1e-6, (System.nanoTime() - before) / 1e9);
      log.add(losses, correct, took);
      slice = (int) Math.clamp((long) (steps * SLICE_SECONDS / took), 1, 4L * steps);
      listeners.forEach(listener -> listener.onSteps(firstStep, losses));
      Progress progress = progress();
      listeners.forEach(listener -> listener.onProgress(progress));
      saves.at(log);
    }

    private Progress progress() {
      int seen = log.step() > fullSteps ? examples() : log.step() * options.batch();
      return new Progress(
          log.epochs().size() + 1,
          options.epochs(),
          log.step(),
          steps(),
          log.meanLoss(),
          log.correct() / seen,
          seen / log.seconds());
    }
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    arrays.close();
  }
}
