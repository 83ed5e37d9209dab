package nn.expr;

/**
 * The type of an expression's value. Buffers hold FLOAT and INT values; BOOL lives only inside
 * expressions.
 */
public enum Type {
  /** A real number, in the precision of the backend that computes it. */
  FLOAT,
  /** A 32-bit two's-complement integer; arithmetic wraps around. */
  INT,
  /** The result of a comparison. */
  BOOL
}
