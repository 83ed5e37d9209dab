package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.data.DataException;
import nn.data.Mnist;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that every example takes. */
final class ExampleOptions {
  @Mixin private ComputeOptions compute;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of everything random (default: ${DEFAULT-VALUE}): same seed, same results.")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four files of MNIST; by default cache, mirrors, npm.")
  private @Nullable Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the results; by default a new one below runs.")
  private @Nullable Path out;

  long seed() {
    return seed;
  }

  /** Something that runs examples. */
  @FunctionalInterface
  interface Work {
    /** Leaves its results in a folder; whether all went well. */
    boolean run(ExampleRunner runner, RunFolder folder) throws IOException;
  }

  /**
   * Has work done on the backend that the user wants.
   *
   * @return the exit code
   */
  int run(CommandSpec command, Terminal terminal, MnistSupply supply, Work work)
      throws IOException {
    BackendOptions backendOptions = compute.options(new Usage(command));
    Backends.Choice choice = compute.choose();
    try (RunFolder folder = RunFolder.prepare(out, "example-" + command.name());
        Backend backend = choice.create(backendOptions)) {
      terminal.out().println(choice.explanation());
      MnistSupply chosen = messages -> load(supply, messages);
      boolean done = work.run(new ExampleRunner(terminal, choice, backend, seed, chosen), folder);
      return done ? 0 : 1;
    }
  }

  private Mnist load(MnistSupply supply, Consumer<String> messages) throws DataException {
    return data == null ? supply.load(messages) : Mnist.load(data);
  }
}
