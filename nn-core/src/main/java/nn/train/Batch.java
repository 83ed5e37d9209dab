package nn.train;

import nn.tensor.Tensor;

/**
 * What one step learns from.
 *
 * @param input [n, features]
 * @param target what the loss compares the model's output with, such as I32 labels [n]
 */
public record Batch(Tensor input, Tensor target) {}
