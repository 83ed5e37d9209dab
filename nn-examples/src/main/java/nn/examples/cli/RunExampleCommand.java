package nn.examples.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
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
    Usage usage = new Usage(spec);
    BackendOptions backendOptions = options.backendOptions(usage);
    usage.check(experiment::check);
    Backends.Choice choice = options.choice();
    RunFolder folder = options.prepareFolder("example-" + spec.name());
    boolean done = false;
    try (Backend backend = choice.create(backendOptions)) {
      terminal.out().println(choice.explanation());
      ExampleRunner runner =
          new ExampleRunner(
              terminal,
              choice,
              backend,
              options.seed(),
              messages -> options.load(supply, messages));
      var arguments = List.copyOf(spec.commandLine().getParseResult().originalArgs());
      runner.run(experiment, spec.name(), "nn " + String.join(" ", arguments), folder);
      terminal.say("results in %s", folder.path());
      done = true;
      return 0;
    } finally {
      if (!done) {
        folder.abandon();
      }
    }
  }
}
