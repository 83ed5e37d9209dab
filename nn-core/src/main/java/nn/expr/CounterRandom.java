package nn.expr;

/**
 * Random numbers as expressions: a hash of a seed and a counter. They need no state, come out in
 * any order and are bit-equal on every backend, since only integer operations are involved.
 *
 * <p>The mixing function is lowbias32 by Chris Wellons ("Prospecting for Hash Functions", 2018).
 */
public final class CounterRandom {
  private static final double SCALE = 0x1p-24;

  private CounterRandom() {}

  /**
   * A number uniformly distributed over the multiples of 2^-24 in [0, 1).
   *
   * @param seed an integer; another seed gives another sequence
   * @param counter an integer, different for each number of a sequence
   */
  public static Expr uniform(Expr seed, Expr counter) {
    Expr bits = mix(Expr.apply(Op.BIT_XOR, counter, mix(seed)));
    return Expr.apply(Op.USHR, bits, Expr.integer(8)).toFloat().mul(SCALE);
  }

  private static Expr mix(Expr x) {
    x = shiftXor(x, 16).mul(Expr.integer(0x7feb352d));
    x = shiftXor(x, 15).mul(Expr.integer(0x846ca68b));
    return shiftXor(x, 16);
  }

  private static Expr shiftXor(Expr x, int distance) {
    return Expr.apply(Op.BIT_XOR, x, Expr.apply(Op.USHR, x, Expr.integer(distance)));
  }
}
