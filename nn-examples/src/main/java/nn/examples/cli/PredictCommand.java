package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nn.data.Dataset;
import nn.data.LooseImages;
import nn.train.ModelInfo;
import nn.train.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nn predict}: classifies images. */
@Command(
    name = "predict",
    description = {
      "Classifies images with a trained model.",
      "Prints a line for each image: its most probable classes, and how probable they are."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "PNG, JPEG, GIF or BMP of the model's size; or IDX with many images.")
  private List<Path> images = List.of();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "3",
      description = "Classes to show for each image (default: ${DEFAULT-VALUE}).")
  private int top = 3;

  @Option(
      names = "--invert",
      description = "Swap dark and light: MNIST's digits are white on black.")
  private boolean invert;

  private final Terminal terminal;

  PredictCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Usage usage = new Usage(spec);
    usage.require(top >= 1, "--top", top, "at least 1");
    model.use(usage, this::classify);
    return 0;
  }

  private void classify(Predictor predictor) throws IOException {
    ModelInfo info = predictor.info();
    for (Path file : images) {
      Dataset read = LooseImages.read(file, info.rows(), info.cols(), info.channels());
      Dataset data = invert ? inverted(read) : read;
      report(file, predictor.probabilities(data), data.size(), info.classes());
    }
  }

  private static Dataset inverted(Dataset data) {
    byte[] pixels = data.images().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ~pixels[i];
    }
    return data.withImages(pixels);
  }

  private void report(Path file, float[] probabilities, int count, List<String> classes) {
    for (int image = 0; image < count; image++) {
      int row = image * classes.size();
      String best =
          IntStream.range(0, classes.size())
              .boxed()
              .sorted(Comparator.comparingDouble(c -> -probabilities[row + c]))
              .limit(top)
              .map(c -> "%s %.4f".formatted(classes.get(c), probabilities[row + c]))
              .collect(Collectors.joining("  "));
      terminal.say("%s  %s", count == 1 ? file : file + "[" + image + "]", best);
    }
  }
}
