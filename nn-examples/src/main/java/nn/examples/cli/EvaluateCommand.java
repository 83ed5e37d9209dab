package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import nn.data.DataException;
import nn.data.DataFiles;
import nn.data.Dataset;
import nn.train.Evaluation;
import nn.train.ModelInfo;
import nn.train.Predictor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nn evaluate}: what a model gets right, and what it takes for what. */
@Command(
    name = "evaluate",
    description = {
      "Judges a trained model by test images.",
      "Leaves evaluation.json, a picture of the confusion matrix and a sheet of the worst",
      "mistakes in a run folder."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class EvaluateCommand implements Callable<Integer> {
  private static final Set<String> MNIST = Set.of("mnist", "mnist-mini");

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "Data as nn train images takes them, of which the test images are used; by",
        "default those of MNIST for a model that was trained on it."
      })
  private @Nullable Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the results; by default a new one below runs.")
  private @Nullable Path out;

  private final Terminal terminal;
  private final MnistSupply mnist;

  EvaluateCommand(Terminal terminal, MnistSupply mnist) {
    this.terminal = terminal;
    this.mnist = mnist;
  }

  @Override
  public Integer call() throws IOException {
    model.use(new Usage(spec), this::judge);
    return 0;
  }

  private void judge(Predictor predictor) throws IOException {
    Dataset test = test(predictor);
    requireFit(predictor.info(), test);
    try (RunFolder folder = RunFolder.prepare(out, "evaluate")) {
      EvaluationFiles files =
          new EvaluationFiles(model.file(), Evaluation.of(predictor, test), test);
      folder.write(staging -> files.write(staging, terminal.err()));
      files.print(terminal);
      terminal.say("results in %s", folder.path());
    }
  }

  private Dataset test(Predictor predictor) throws DataException {
    if (data != null) {
      return DataFiles.load(data).test();
    }
    String trainedOn = predictor.metadata().getOrDefault("dataset", "unknown data");
    if (!MNIST.contains(trainedOn)) {
      throw new DataException(
          "%s was trained on %s; name its data by --data".formatted(model.file(), trainedOn));
    }
    return mnist.load(terminal.err()::println).test();
  }

  private void requireFit(ModelInfo info, Dataset test) throws DataException {
    boolean sameSize =
        info.rows() == test.rows()
            && info.cols() == test.cols()
            && info.channels() == test.channels();
    if (!sameSize || info.classes().size() != test.classes()) {
      throw new DataException(
          "%s takes images of %dx%dx%d in %d classes, which the data are not: %s"
              .formatted(
                  model.file(),
                  info.rows(),
                  info.cols(),
                  info.channels(),
                  info.classes().size(),
                  test));
    }
  }
}
