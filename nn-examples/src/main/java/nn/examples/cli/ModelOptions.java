package nn.examples.cli;

import java.util.List;
import nn.init.Initializers;
import nn.layer.Activations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that shape a model. What a user does not name comes from a preset. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "mlp",
      description = {
        "What the other options default to:",
        "mlp: 784-[100]x4-10, ReLU, He, Adam 0.001, batch 128;",
        "two-layer: 784-50-10, sigmoid, N(0, 0.01), SGD 0.1, batch 100."
      })
  private String model = "mlp";

  @Option(
      names = "--hidden",
      paramLabel = "N",
      split = ",",
      description = "Widths of the hidden layers, such as 100,100.")
  private @Nullable List<Integer> hidden;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      description = "relu, sigmoid, tanh, leaky-relu, gelu, silu, softplus or identity.")
  private @Nullable String activation;

  @Option(
      names = "--init",
      paramLabel = "NAME",
      description = "Initial weights: he, xavier, zeros or std:NUMBER.")
  private @Nullable String init;

  @Option(names = "--batch-norm", description = "Normalize before each activation.")
  private boolean batchNorm;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      defaultValue = "0",
      description = "Drop hidden units with this probability, 0 to below 1.")
  private double dropout;

  /** Checks the options and settles what they leave open. */
  ModelDesign design(Usage usage) {
    Preset preset = usage.make("--model", () -> Preset.named(model));
    List<Integer> widths = hidden == null ? preset.hidden() : hidden;
    for (int width : widths) {
      usage.require(width >= 1, "--hidden", width, "widths of at least 1");
    }
    usage.require(dropout >= 0 && dropout < 1, "--dropout", dropout, "from 0 to below 1");
    String function = activation == null ? preset.activation() : activation;
    String weights = init == null ? preset.init(activation) : init;
    return new ModelDesign(
        preset,
        widths,
        function,
        usage.make("--activation", () -> Activations.named(function)),
        weights,
        usage.make("--init", () -> Initializers.named(weights)),
        batchNorm,
        dropout);
  }
}
