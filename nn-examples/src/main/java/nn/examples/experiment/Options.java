package nn.examples.experiment;

/** Checks of options; the messages name the option and the rule. */
final class Options {
  private Options() {}

  static void atLeast(int least, String option, int value) {
    require(value >= least, option, "at least " + least, value);
  }

  static void require(boolean holds, String option, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(option + " must be " + rule + ", not " + value);
    }
  }
}
