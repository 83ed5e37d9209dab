package nn.examples.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import nn.examples.report.JsonFile;
import nn.train.EpochResult;

/**
 * What {@code result.json} of a training holds.
 *
 * @param command that was run
 * @param dataset {@code mnist} or {@code mnist-mini}
 * @param model the preset's name
 * @param backend the backend's name
 * @param device in words
 * @param threads host threads that computed
 * @param parameters number of trained values
 * @param testAccuracy after the last epoch
 * @param trainSeconds from the first step on, compilation counted, evaluation not
 */
record RunResult(
    String command,
    String dataset,
    String model,
    String backend,
    String device,
    long seed,
    int threads,
    int parameters,
    List<EpochResult> epochs,
    double testAccuracy,
    double trainSeconds) {

  /** The time since the JVM started. */
  static double secondsSinceStart() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
  }

  /** The file's content: the result, and the time that the whole run took. */
  private record Timed(@JsonUnwrapped RunResult result, double wallSeconds) {}

  /**
   * Writes the file.
   *
   * @param wallSeconds since the JVM started; pictures may still be drawn
   */
  void write(Path file, double wallSeconds) throws IOException {
    JsonFile.write(file, new Timed(this, wallSeconds));
  }
}
