package nn.examples.cli;

import java.util.function.Supplier;
import nn.examples.experiment.Experiment;
import nn.examples.experiment.Experiments;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nn example}: a group of one command for each experiment, and one for all of them. */
@Command(
    name = "example",
    description = {
      "Runs an experiment, or all of them.",
      "Leaves result.json and pictures in a run folder; all of them together also a page,",
      "index.html."
    },
    synopsisSubcommandLabel = "NAME")
final class ExampleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", hidden = true)
  private @Nullable String unknown;

  static CommandLine group(Terminal terminal, MnistSupply supply) {
    CommandLine group = new CommandLine(new ExampleCommand());
    for (Supplier<Experiment> experiment : Experiments.all()) {
      CommandLine command =
          new CommandLine(new RunExampleCommand(experiment.get(), terminal, supply));
      RunExampleCommand.adopt(command.getCommandSpec());
      group.addSubcommand(command);
    }
    return group.addSubcommand(new AllExamplesCommand(terminal, supply));
  }

  @Override
  public void run() {
    String problem =
        unknown == null
            ? "which example? There are: "
            : "no example is called \"" + unknown + "\"; there are: ";
    throw new ParameterException(
        spec.commandLine(), problem + String.join(", ", spec.subcommands().keySet()));
  }
}
