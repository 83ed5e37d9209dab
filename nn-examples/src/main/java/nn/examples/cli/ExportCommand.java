package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import nn.export.Onnx;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nn export}: a model for other programs. */
@Command(
    name = "export",
    description = {
      "Writes a trained model for other programs.",
      "The ONNX model takes \"pixels\", [batch, rows * columns * values] from 0 to 1, and",
      "gives \"logits\", [batch, classes]."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      required = true,
      description = "The ONNX file to write.")
  private Path onnx = Path.of("");

  private final Terminal terminal;

  ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    try {
      model.use(
          new Usage(spec),
          predictor ->
              Onnx.write(onnx, predictor.info(), predictor.parameters(), predictor.metadata()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), model.file() + ": " + e.getMessage(), e);
    }
    terminal.say("wrote %s", onnx);
    return 0;
  }
}
