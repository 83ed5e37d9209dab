package nn.bench;

import nn.backend.BackendOptions;
import nn.backend.Backends;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nn bench}: a group of one command for each thing to measure. */
@Command(
    name = "bench",
    description = {
      "Measures the backends.",
      "Times are by the device's own clock, on a GPU by events of its stream.",
      "Figures are those of the best window; median and worst JVM beside them."
    },
    subcommands = {GemmCommand.class, ElementwiseCommand.class, StepCommand.class},
    synopsisSubcommandLabel = "WHAT")
public final class BenchCommand implements Runnable {
  private static final int PROFILE_MILLIS = 2000;

  @Spec private CommandSpec spec;
  @Mixin private DeviceOptions device;

  @Option(
      names = "--profile",
      paramLabel = "CASE",
      description =
          "Where the time of a training step goes, command by command: two-layer, mlp, wide or cnn.")
  private @Nullable String profile;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Host threads of a profile; by default all processors.")
  private int threads;

  private final Drawing drawing;

  /**
   * The command.
   *
   * @param drawing of what {@code --chart} asks for
   */
  public BenchCommand(Drawing drawing) {
    this.drawing = drawing;
  }

  Drawing drawing() {
    return drawing;
  }

  @Override
  public void run() {
    if (profile != null) {
      profile(profile);
      return;
    }
    throw new ParameterException(
        spec.commandLine(), "bench what? " + String.join(", ", spec.subcommands().keySet()));
  }

  private void profile(String model) {
    BackendOptions options;
    try {
      StepCase.named(model);
      options = new BackendOptions(threads, device.precision());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--profile: " + e.getMessage());
    }
    Backends.Choice choice = device.choose();
    spec.commandLine().getOut().println(choice.explanation());
    String table = StepBenchmark.profile(choice.create(options), model, PROFILE_MILLIS);
    spec.commandLine().getOut().print(table);
    spec.commandLine().getOut().flush();
  }
}
