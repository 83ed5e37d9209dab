package nn.examples.cli;

import nn.backend.BackendOptions;
import nn.backend.Backends;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options on what computes. */
final class ComputeOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Host threads that compute; by default the backend chooses.")
  private @Nullable Integer threads;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "A name that nn backends lists, or ${DEFAULT-VALUE} for the best usable one.")
  private String backend = Backends.AUTO;

  /** The backend that the user wants, or the best. */
  Backends.Choice choose() {
    return Backends.choose(backend);
  }

  /** How to create it. */
  BackendOptions options(Usage usage) {
    if (threads == null) {
      return BackendOptions.DEFAULT;
    }
    int count = threads;
    usage.require(count >= 1, "--threads", count, "at least 1");
    return usage.make("--threads", () -> new BackendOptions(count));
  }
}
