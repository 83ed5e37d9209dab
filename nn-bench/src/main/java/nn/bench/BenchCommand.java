package nn.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nn bench}: a group of one command for each thing to measure. */
@Command(
    name = "bench",
    description = {
      "Measures the backends. Figures are those of the best window; median and worst JVM beside"
          + " them."
    },
    subcommands = {GemmCommand.class, ElementwiseCommand.class, StepCommand.class},
    synopsisSubcommandLabel = "WHAT")
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "bench what? " + String.join(", ", spec.subcommands().keySet()));
  }
}
