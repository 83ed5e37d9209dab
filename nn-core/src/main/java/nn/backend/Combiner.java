package nn.backend;

/** How a reduction combines the mapped values. */
public enum Combiner {
  /** The sum; 0 over nothing. */
  SUM,
  /** The largest; -infinity over nothing, NaN if any is. */
  MAX,
  /** The smallest; +infinity over nothing, NaN if any is. */
  MIN,
  /**
   * The row-major number, within the reduced axes, of the largest; the lowest of several, and the
   * first NaN if there is one. An I32. Not defined over nothing.
   */
  ARGMAX
}
