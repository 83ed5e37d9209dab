package nn.examples.cli;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nn.backend.Shape;
import nn.data.Dataset;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Models;
import nn.layer.Sequential;
import nn.tensor.Initializer;
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
        "two-layer: 784-50-10, sigmoid, N(0, 0.01), SGD 0.1, batch 100;",
        "cnn: two convolutions, 24 5x5 and 32 3x3, 256 units, ReLU, Xavier,",
        "adam:0.7:0.9 with 0.01, one-cycle, batch 256, shift:1, 1 epoch;",
        "simple-cnn: a convolution, 30 5x5, 100 units, ReLU, He, Adam 0.001, batch 100."
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
    String function = activation == null ? preset.activation() : activation;
    String weights = init == null ? preset.init(activation) : init;
    UnaryOperator<Expr> activate = usage.make("--activation", () -> Activations.named(function));
    Initializer initializer = usage.make("--init", () -> Initializers.named(weights));
    Preset.Network network = preset.network();
    return new ModelDesign(
        preset,
        function + ", " + weights + extras(),
        network == null
            ? perceptron(usage, preset, activate, initializer)
            : convolutional(usage, network, activate, initializer));
  }

  private Function<Dataset, Sequential> perceptron(
      Usage usage, Preset preset, UnaryOperator<Expr> activate, Initializer initializer) {
    List<Integer> widths = hidden == null ? preset.hidden() : hidden;
    for (int width : widths) {
      usage.require(width >= 1, "--hidden", width, "widths of at least 1");
    }
    usage.require(dropout >= 0 && dropout < 1, "--dropout", dropout, "from 0 to below 1");
    int[] units = widths.stream().mapToInt(Integer::intValue).toArray();
    return data ->
        Models.mlp(
            data.features(), units, data.classes(), activate, initializer, batchNorm, dropout);
  }

  private Function<Dataset, Sequential> convolutional(
      Usage usage, Preset.Network network, UnaryOperator<Expr> activate, Initializer initializer) {
    usage.forbid(hidden != null, "--hidden", "--model " + model);
    usage.forbid(batchNorm, "--batch-norm", "--model " + model);
    usage.forbid(dropout != 0, "--dropout", "--model " + model);
    return data -> {
      Shape image = Shape.of(data.rows(), data.cols(), data.channels());
      return network.of(image, data.classes(), activate, initializer);
    };
  }

  private String extras() {
    return (batchNorm ? ", batch norm" : "") + (dropout > 0 ? ", dropout " + dropout : "");
  }
}
