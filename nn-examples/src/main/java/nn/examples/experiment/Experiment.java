package nn.examples.experiment;

import java.io.IOException;
import nn.examples.report.Report;

/**
 * An experiment. Its class carries its name, description and options as picocli annotations, and
 * knows no particular backend.
 */
public interface Experiment {

  /**
   * Checks the options, before anything is done.
   *
   * @throws IllegalArgumentException if one makes no sense; the message names it
   */
  default void check() {}

  /**
   * Runs the experiment.
   *
   * @param lab what there is to work with
   * @param report takes what comes out
   */
  void run(Lab lab, Report report) throws IOException;
}
