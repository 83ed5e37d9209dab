package nn.examples.cli;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import nn.examples.report.Table;
import nn.train.EpochResult;
import nn.train.Listener;
import org.jspecify.annotations.Nullable;

/**
 * What the time of a training goes to, phase by phase from the start of the JVM on. A phase's
 * seconds are the user's; its compiler's seconds are those of all of the JVM's compiler threads,
 * which work beside, and are counted where a method's compilation ends.
 */
final class Timings implements Listener {
  /** What has passed since the JVM started. */
  private record Clock(double seconds, double compilers, long classes) {
    static final Clock START = new Clock(0, 0, 0);

    static Clock now() {
      double uptime = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
      double compilers =
          Optional.ofNullable(ManagementFactory.getCompilationMXBean())
              .map(bean -> bean.getTotalCompilationTime() / 1e3)
              .orElse(Double.NaN);
      long classes = ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
      return new Clock(uptime, compilers, classes);
    }

    Clock minus(Clock that) {
      return new Clock(seconds - that.seconds, compilers - that.compilers, classes - that.classes);
    }

    Clock plus(Clock that) {
      return new Clock(seconds + that.seconds, compilers + that.compilers, classes + that.classes);
    }
  }

  private final Table table = new Table("phase", "seconds", "compilers", "classes");
  private Clock last;
  private Clock lastStep = Clock.START;
  private @Nullable Clock laterSteps;
  private Clock laterEvaluations = Clock.START;
  private int steps;
  private int epochs;

  /**
   * Begins with what has passed already.
   *
   * @param mainNanos {@link System#nanoTime} when the program's own code began
   */
  Timings(long mainNanos) {
    last = Clock.now();
    double own = (System.nanoTime() - mainNanos) / 1e9;
    table.row("JVM, up to main", seconds(last.seconds() - own), "", "");
    add("command line", new Clock(own, last.compilers(), last.classes()));
  }

  /** Names what has passed since the phase before. */
  void end(String phase) {
    Clock now = Clock.now();
    add(phase, now.minus(last));
    last = now;
  }

  private void add(String phase, Clock took) {
    table.row(phase, seconds(took.seconds()), seconds(took.compilers()), took.classes());
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
  }

  @Override
  public void onSteps(int firstStep, float[] losses) {
    if (steps++ == 0) {
      end("first step: recorded, its kernels compiled");
    }
    lastStep = Clock.now();
  }

  /** Epochs before the first step were told of before: this training was resumed. */
  @Override
  public boolean onEpochEnd(EpochResult result) {
    if (steps > 0) {
      Clock now = Clock.now();
      Clock training = lastStep.minus(last);
      Clock evaluation = now.minus(lastStep);
      if (epochs++ == 0) {
        add("the other steps of the first epoch", training);
        add("first evaluation", evaluation);
      } else {
        laterSteps = laterSteps == null ? training : laterSteps.plus(training);
        laterEvaluations = laterEvaluations.plus(evaluation);
      }
      last = now;
    }
    return true;
  }

  /** The lines of the table, with what has passed since the last epoch under a name. */
  List<String> lines(String rest) {
    if (laterSteps != null) {
      int later = epochs - 1;
      String each = seconds(laterSteps.seconds() / later);
      add("steps of %d more epochs, %s s each".formatted(later, each), laterSteps);
      add("their evaluations", laterEvaluations);
    }
    end(rest);
    add("in all", last);
    return table.lines();
  }
}
