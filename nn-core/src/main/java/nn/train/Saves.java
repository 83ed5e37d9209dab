package nn.train;

import java.util.function.Consumer;

/**
 * When a checkpoint is due.
 *
 * @param every steps between two; 0 for none at all
 * @param save writes one
 */
record Saves(int every, Consumer<TrainingLog> save) {
  static final Saves NONE = new Saves(0, log -> {});

  /** How many steps may be run in one go: no more than {@code most}, nor past the next save. */
  int untilNext(int stepsDone, int most) {
    return every == 0 ? most : Math.min(most, every - stepsDone % every);
  }

  /** Saves the beginning of a training. */
  void begin(TrainingLog log) {
    if (every > 0) {
      save.accept(log);
    }
  }

  /** Saves if it is time to. */
  void at(TrainingLog log) {
    if (every > 0 && log.stepsDone() % every == 0) {
      save.accept(log);
    }
  }
}
