package nn.examples.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import nn.examples.experiment.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nn example NAME}: one experiment. Name, description and further options come from it. */
@Command(usageHelpAutoWidth = true, sortOptions = false)
final class RunExampleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ExampleOptions options;

  private final Experiment experiment;
  private final Terminal terminal;
  private final MnistSupply supply;

  RunExampleCommand(Experiment experiment, Terminal terminal, MnistSupply supply) {
    this.experiment = experiment;
    this.terminal = terminal;
    this.supply = supply;
  }

  /** Gives a command the name, description and options of its experiment. */
  static void adopt(CommandSpec command) {
    RunExampleCommand user = (RunExampleCommand) command.userObject();
    CommandSpec own = CommandSpec.forAnnotatedObject(user.experiment);
    command.name(own.name()).addMixin("experiment", own);
    command.usageMessage().description(own.usageMessage().description());
  }

  @Override
  public Integer call() throws IOException {
    new Usage(spec).check(experiment::check);
    String command = "nn " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    return options.run(
        spec,
        terminal,
        supply,
        (runner, folder) -> {
          runner.run(experiment, spec.name(), command, folder);
          terminal.say("results in %s", folder.path());
          return true;
        });
  }
}
