package nn.examples.cli;

import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.bench.DeviceOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options on what computes. */
final class ComputeOptions {
  @Mixin private DeviceOptions device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Host threads that compute; by default the backend chooses.")
  private @Nullable Integer threads;

  /** The backend that the user wants, or the best. */
  Backends.Choice choose() {
    return device.choose();
  }

  /** How to create it. */
  BackendOptions options(Usage usage) {
    if (threads == null) {
      return new BackendOptions(0, device.precision());
    }
    int count = threads;
    usage.require(count >= 1, "--threads", count, "at least 1");
    return usage.make("--threads", () -> new BackendOptions(count, device.precision()));
  }
}
