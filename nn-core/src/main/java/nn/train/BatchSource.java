package nn.train;

import nn.tensor.Scope;

/** Gives a step its batch as tensors of the step's scope. */
@FunctionalInterface
public interface BatchSource {
  /**
   * The batch of the present step. Depends on nothing but device memory, for it is recorded once.
   */
  Batch next(Scope scope);
}
