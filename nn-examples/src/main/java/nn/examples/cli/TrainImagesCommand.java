package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import nn.data.DataFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nn train images}. */
@Command(
    name = "images",
    description = {
      "Trains a classifier of the user's own images.",
      "Leaves the same files as nn train mnist. --data names one of:",
      "  a folder with the four IDX files that MNIST has, such as Fashion-MNIST",
      "  (a file classes.txt may name the classes);",
      "  a folder with CIFAR-10's .bin files;",
      "  a CSV file, or a folder with train.csv and test.csv: a label and pixels in a line;",
      "  a folder of images for each class, perhaps below train and test."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class TrainImagesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TrainArguments arguments;

  private final Terminal terminal;

  TrainImagesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (arguments.run().data() == null && arguments.run().resume() == null) {
      throw new ParameterException(spec.commandLine(), "which images? Name them by --data PATH");
    }
    return TrainRun.run(terminal, spec, arguments, messages -> DataFiles.load(data()));
  }

  private Path data() {
    Path data = arguments.run().data();
    if (data == null) {
      throw new ParameterException(spec.commandLine(), "the run has no --data; name it");
    }
    return data;
  }
}
