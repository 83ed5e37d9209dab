package nn.examples.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of what a user asks for; what fails them ends with exit code 2. */
record Usage(CommandSpec command) {

  /** Requires a condition on an option's value, and says what it is. */
  void require(boolean holds, String option, Object value, String rule) {
    if (!holds) {
      throw new ParameterException(
          command.commandLine(), option + " must be " + rule + ", not " + value);
    }
  }

  /** Refuses an option that would do nothing beside another one. */
  void forbid(boolean given, String option, String beside) {
    if (given) {
      throw new ParameterException(
          command.commandLine(), option + " has no meaning for " + beside + "; leave it out");
    }
  }

  /** Runs a check whose message names the option. */
  void check(Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /** Makes something of an option's value; what that throws about it is the user's fault. */
  <T extends @Nullable Object> T make(String option, Supplier<T> factory) {
    try {
      return factory.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), option + ": " + e.getMessage(), e);
    }
  }
}
