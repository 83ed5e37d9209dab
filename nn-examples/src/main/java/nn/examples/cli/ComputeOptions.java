package nn.examples.cli;

import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.Precision;
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
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "f32",
      description = {
        "The least that matrix products need: f32, tf32 or bf16.",
        "Only the cuda backend makes use of less than f32."
      })
  private String precision = "f32";

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
    Precision least = usage.make("--precision", () -> Precision.named(precision));
    if (threads == null) {
      return new BackendOptions(0, least);
    }
    int count = threads;
    usage.require(count >= 1, "--threads", count, "at least 1");
    return usage.make("--threads", () -> new BackendOptions(count, least));
  }
}
