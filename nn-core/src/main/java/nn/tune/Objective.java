package nn.tune;

import nn.backend.Backend;

/** Tries hyperparameters out, for instance by training a model. Called by several threads. */
@FunctionalInterface
public interface Objective {

  /**
   * Runs a trial. Its outcome must follow from the trial alone, for a search to be repeatable.
   *
   * @param backend for this trial's use, and no other's at the same time
   * @throws nn.train.DivergedException counts as a failed trial
   */
  Outcome run(Trial trial, Backend backend);
}
