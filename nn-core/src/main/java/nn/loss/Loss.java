package nn.loss;

import nn.tensor.Tensor;

/** How far a model's output is from its target. */
@FunctionalInterface
public interface Loss {

  /**
   * The loss of a batch.
   *
   * @param output what the model gave, [n, ...]
   * @param target what it should have given
   * @return one number, of rank 0
   * @throws IllegalArgumentException if the target does not fit the output
   */
  Tensor apply(Tensor output, Tensor target);
}
