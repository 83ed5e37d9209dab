package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.train.Predictor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which trained model a command works with, and where it computes. */
final class ModelArguments {
  private static final int DIGITS = 10;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model.safetensors, a checkpoint, or the folder of a run.")
  private Path model = Path.of("");

  @Option(
      names = "--architecture",
      paramLabel = "TEXT",
      description = {
        "The layers of a file that nn has not written, whose arrays are then found by",
        "name (0.weight [inputs, outputs], 0.bias...), such as:",
        "\"sequential(linear(784, 100), relu, linear(100, 10))\"."
      })
  private @Nullable String architecture;

  @Option(
      names = "--input",
      paramLabel = "RxCxN",
      description = "With --architecture: rows, columns, values a pixel; by default 28x28x1.")
  private @Nullable String input;

  @Option(
      names = "--classes",
      paramLabel = "NAME",
      split = ",",
      description = "With --architecture: the classes' names; by default 0 to 9.")
  private @Nullable List<String> classes;

  @Mixin private ComputeOptions compute;

  /** The file meant: of a folder its model. */
  Path file() {
    return Files.isDirectory(model) ? model.resolve("model.safetensors") : model;
  }

  /** Something that is done with a model. */
  @FunctionalInterface
  interface Work {
    void with(Predictor predictor) throws IOException;
  }

  /** Reads the model into the backend that the user wants, and has work done with it. */
  void use(Usage usage, Work work) throws IOException {
    boolean described = input != null || classes != null;
    usage.require(
        architecture != null || !described,
        "--input and --classes",
        "alone",
        "with --architecture");
    BackendOptions options = compute.options(usage);
    try (Backend backend = compute.choose().create(options);
        Predictor predictor = Predictor.open(backend, file(), description())) {
      work.with(predictor);
    }
  }

  private Map<String, String> description() {
    Map<String, String> description = new HashMap<>();
    if (architecture != null) {
      List<String> digits = IntStream.range(0, DIGITS).mapToObj(String::valueOf).toList();
      description.put("architecture", architecture);
      description.put("input", input == null ? "28x28x1" : input);
      description.put("classes", String.join("\n", classes == null ? digits : classes));
    }
    return description;
  }
}
