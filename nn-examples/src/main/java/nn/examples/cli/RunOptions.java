package nn.examples.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a training beside model and method: data, device, what is left behind. */
final class RunOptions {
  @Mixin private ComputeOptions compute;

  @Option(names = "--data", paramLabel = "PATH", description = "Where the data are; see above.")
  private @Nullable Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the results; by default a new one below runs.")
  private @Nullable Path out;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "STEPS",
      defaultValue = "0",
      description = "Keep a checkpoint, replaced every so many steps; 0 keeps none.")
  private int checkpointEvery;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = {
        "Go on with a run that was stopped or killed, from its checkpoint, with its",
        "options: it ends bit for bit as if it had never been stopped."
      })
  private @Nullable Path resume;

  @Option(
      names = "--tensorboard",
      description = {
        "Write event files for TensorBoard into the run folder's tensorboard: losses,",
        "accuracies, histograms of the parameters, images of the worst mistakes."
      })
  private boolean tensorboard;

  @Option(
      names = "--timings",
      description = "Say at the end what the time went to, from the start of the JVM on.")
  private boolean timings;

  boolean timings() {
    return timings;
  }

  boolean tensorboard() {
    return tensorboard;
  }

  ComputeOptions compute() {
    return compute;
  }

  @Nullable Path data() {
    return data;
  }

  @Nullable Path out() {
    return out;
  }

  @Nullable Path resume() {
    return resume;
  }

  /** Steps between two checkpoints; 0 for none. */
  int checkpointEvery(Usage usage) {
    usage.require(checkpointEvery >= 0, "--checkpoint-every", checkpointEvery, "0 or more steps");
    return checkpointEvery;
  }
}
