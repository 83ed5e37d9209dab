package nn.backend;

/**
 * Moves an operand from step to step of a replayed plan: its addresses grow by {@code counter[0] *
 * stride}. So one recorded step reads {@code learningRate[step]} and writes {@code loss[step]}.
 *
 * @param counter a buffer of one I32 element
 * @param stride elements to move for each count
 */
public record Cursor(Buffer counter, int stride) {
  public Cursor {
    if (counter.type() != DType.I32 || counter.length() < 1) {
      throw new IllegalArgumentException("a cursor counts in an I32 buffer, not " + counter);
    }
  }
}
