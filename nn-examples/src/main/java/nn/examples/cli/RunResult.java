package nn.examples.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import nn.train.EpochResult;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

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
   * @param wallSeconds since the JVM started
   */
  void write(Path file, double wallSeconds) {
    JsonMapper.builder()
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValue(file, new Timed(this, wallSeconds));
  }
}
