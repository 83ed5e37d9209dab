package nn.examples.cli;

import nn.optim.Schedule;
import nn.optim.Schedules;

/** Schedules as a user writes them: a name, then numbers after colons. */
final class ScheduleName {
  private static final double ONE_CYCLE_RISE = 0.3;
  private static final String NAMES =
      "constant, cosine, one-cycle, step:STEPS:FACTOR, exponential:FACTOR, warm-up:STEPS";

  private ScheduleName() {}

  /**
   * The schedule meant.
   *
   * @throws IllegalArgumentException if there is none such, or a number is missing or impossible
   */
  static Schedule parse(String text) {
    String[] parts = text.split(":", -1);
    return switch (parts[0] + "/" + (parts.length - 1)) {
      case "constant/0" -> Schedules.constant();
      case "cosine/0" -> Schedules.cosine();
      case "one-cycle/0" -> Schedules.oneCycle(ONE_CYCLE_RISE);
      case "step/2" -> Schedules.step(steps(parts[1]), factor(parts[2]));
      case "exponential/1" -> Schedules.exponential(factor(parts[1]));
      case "warm-up/1" -> Schedules.warmUp(steps(parts[1]), Schedules.constant());
      default ->
          throw new IllegalArgumentException(
              "\"" + text + "\" is no schedule; there are: " + NAMES);
    };
  }

  private static long steps(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no number of steps", e);
    }
  }

  private static double factor(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no factor", e);
    }
  }
}
