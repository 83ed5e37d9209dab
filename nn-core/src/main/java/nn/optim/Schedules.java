package nn.optim;

/** The usual schedules of the learning rate. */
public final class Schedules {
  private Schedules() {}

  /** Always the base rate. */
  public static Schedule constant() {
    return (base, step, total) -> base;
  }

  /**
   * Multiplied by a factor every so many steps.
   *
   * @param every steps, at least 1
   * @param factor positive
   */
  public static Schedule step(long every, double factor) {
    require(every >= 1, "steps between two drops", every);
    require(factor > 0 && Double.isFinite(factor), "a factor", factor);
    return (base, step, total) -> {
      long drops = step / every;
      return base * Math.pow(factor, (double) drops);
    };
  }

  /**
   * Multiplied by a factor at each step.
   *
   * @param factor positive
   */
  public static Schedule exponential(double factor) {
    return step(1, factor);
  }

  /**
   * From the base rate down to a share of it at the end, along half a cosine wave (Loshchilov and
   * Hutter, 2017, without restarts).
   *
   * @param floor the share left, 0 to 1
   */
  public static Schedule cosine(double floor) {
    require(floor >= 0 && floor <= 1, "the share left at the end", floor);
    return (base, step, total) -> between(base, base * floor, share(step, total));
  }

  /** Down to zero. */
  public static Schedule cosine() {
    return cosine(0);
  }

  /**
   * One cycle (Smith and Topin, 2018): up from a 25th of the base rate to the base rate, then down
   * to a 250,000th, along half cosine waves.
   *
   * @param rise the share of all steps spent rising, above 0 and below 1; usually 0.3
   */
  public static Schedule oneCycle(double rise) {
    require(rise > 0 && rise < 1, "the share of rising steps", rise);
    return (base, step, total) -> {
      double done = share(step, total);
      double low = base / 25;
      return done < rise
          ? between(low, base, done / rise)
          : between(base, low / 1e4, (done - rise) / (1 - rise));
    };
  }

  /**
   * A linear rise from nearly zero over some steps, then another schedule over the remaining ones.
   *
   * @param steps of the rise, not negative; the step after the last of them has the base rate
   */
  public static Schedule warmUp(long steps, Schedule then) {
    require(steps >= 0, "the steps of warming up", steps);
    return (base, step, total) ->
        step < steps
            ? base * (step + 1) / (steps + 1)
            : then.rate(base, step - steps, Math.max(1, total - steps));
  }

  /** From one rate at share 0 to another at share 1. */
  private static double between(double from, double to, double share) {
    return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  }

  private static double share(long step, long total) {
    return Math.clamp(step / (double) Math.max(1, total), 0, 1);
  }

  private static void require(boolean holds, String what, Number actual) {
    if (!holds) {
      throw new IllegalArgumentException(what + " cannot be " + actual);
    }
  }
}
