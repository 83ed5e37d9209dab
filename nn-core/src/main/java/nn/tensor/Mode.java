package nn.tensor;

/** What a forward pass is for. */
public enum Mode {
  /**
   * Gradients will be asked for; dropout drops, batch normalization uses the batch's statistics.
   */
  TRAIN,
  /** Only values are wanted; nothing is dropped, running statistics are used. */
  EVALUATE
}
