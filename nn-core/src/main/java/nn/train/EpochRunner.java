package nn.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.Operand;
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

  private int examples() {
    return Math.addExact(Math.multiplyExact(fullSteps, options.batch()), shortRows);
  }

  /** What an epoch's steps came to. */
  record Epoch(List<Float> losses, double correct, int examples, double seconds) {
    EpochResult result(int number, double testAccuracy) {
      double loss = losses.stream().mapToDouble(Float::doubleValue).average().orElse(Double.NaN);
      return new EpochResult(
          number, loss, correct / examples, testAccuracy, seconds, examples / seconds);
    }
  }

  /**
   * Runs one epoch.
   *
   * @param epoch of the model's whole training, from 0: what the order of examples follows from
   * @param firstStep of this epoch in the model's whole training, from 0
   * @param number of this epoch for listeners, from 1
   */
  Epoch run(int epoch, int firstStep, int number, List<? extends Listener> listeners) {
    arrays.rewind(order(epoch), scalars(firstStep), seeds(epoch));
    Meter meter = new Meter(number, firstStep, listeners);
    while (meter.done < fullSteps) {
      meter.replay(Math.min(meter.slice, fullSteps - meter.done), options.batch());
    }
    if (shortRows > 0) {
      meter.replay(1, shortRows);
    }
    return new Epoch(meter.losses, meter.correct, examples(), meter.seconds());
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

  /** Counts an epoch's steps, reads their results and reports. */
  private final class Meter {
    private final int number;
    private final int firstStep;
    private final List<? extends Listener> listeners;
    private final List<Float> losses = new ArrayList<>();
    private final long start = System.nanoTime();
    private double lossSum;
    private double correct;
    private int seen;
    private int done;
    private int slice = 1;

    Meter(int number, int firstStep, List<? extends Listener> listeners) {
      this.number = number;
      this.firstStep = firstStep;
      this.listeners = listeners;
    }

    double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    void replay(int steps, int rows) {
      double before = seconds();
      plans.computeIfAbsent(rows, EpochRunner.this::record).run(steps);
      read(done, done + steps);
      done += steps;
      seen += steps * rows;
      double took = Math.max(1e-6, seconds() - before);
      slice = (int) Math.clamp((long) (steps * SLICE_SECONDS / took), 1, 4L * steps);
      Progress progress =
          new Progress(
              number,
              options.epochs(),
              done,
              steps(),
              lossSum / done,
              correct / seen,
              seen / seconds());
      listeners.forEach(listener -> listener.onProgress(progress));
    }

    private void read(int from, int to) {
      for (float loss : arrays.readLosses(from, to)) {
        if (!Float.isFinite(loss)) {
          throw new DivergedException(firstStep + losses.size(), loss);
        }
        losses.add(loss);
        lossSum += loss;
      }
      for (float hits : arrays.readCorrect(from, to)) {
        correct += hits;
      }
    }
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    arrays.close();
  }
}
