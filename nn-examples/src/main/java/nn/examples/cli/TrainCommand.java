package nn.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nn train}: a group of one command for each data set. */
@Command(
    name = "train",
    description = "Trains a model on a data set.",
    synopsisSubcommandLabel = "DATASET")
final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec;

  static CommandLine group(Terminal terminal, MnistSupply mnist) {
    return new CommandLine(new TrainCommand())
        .addSubcommand(new TrainMnistCommand(terminal, mnist))
        .addSubcommand(new TrainImagesCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "train what? Name a data set: " + String.join(", ", spec.subcommands().keySet()));
  }
}
