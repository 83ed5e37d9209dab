package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.Device;
import nn.data.TrainTest;
import nn.examples.chart.MistakeSheet;
import nn.export.EventFile;
import nn.export.TensorBoardListener;
import nn.layer.Layer;
import nn.layer.Sequential;
import nn.loss.Losses;
import nn.train.Evaluation;
import nn.train.History;
import nn.train.Listener;
import nn.train.Mistake;
import nn.train.ModelInfo;
import nn.train.Predictor;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What every command of {@code nn train} does, from its options to the files it leaves. */
final class TrainRun {
  private final Terminal terminal;
  private final CommandSpec spec;
  private final TrainArguments arguments;
  private final DataSupply supply;
  private final @Nullable Resumption resumption;
  private final @Nullable Timings timings;

  private TrainRun(
      Terminal terminal,
      CommandSpec spec,
      TrainArguments arguments,
      DataSupply supply,
      @Nullable Resumption resumption,
      @Nullable Timings timings) {
    this.timings = timings;
    this.terminal = terminal;
    this.spec = spec;
    this.arguments = arguments;
    this.supply = supply;
    this.resumption = resumption;
  }

  /**
   * Trains, or goes on with a training.
   *
   * @param supply asked once all options are known to be right
   * @return the exit code
   */
  static int run(Terminal terminal, CommandSpec spec, TrainArguments arguments, DataSupply supply)
      throws IOException {
    Path resumed = arguments.run().resume();
    Resumption resumption = resumed == null ? null : Resumption.of(resumed);
    if (resumption != null) {
      resumption.takeOptions(spec);
    }
    Timings timings =
        arguments.run().timings() && spec.root().userObject() instanceof Main main
            ? new Timings(main.startNanos())
            : null;
    return new TrainRun(terminal, spec, arguments, supply, resumption, timings).run();
  }

  private int run() throws IOException {
    Usage usage = new Usage(spec);
    RunOptions run = arguments.run();
    ModelDesign design = arguments.model().design(usage);
    TrainerOptions options = arguments.training().build(usage, design.preset().method());
    BackendOptions backendOptions = run.compute().options(usage);
    int every = run.checkpointEvery(usage);
    Backends.Choice choice = run.compute().choose();
    try (RunFolder folder =
        resumption == null
            ? RunFolder.prepare(run.out(), "train-" + spec.name())
            : RunFolder.reopen(resumption.folder())) {
      terminal.out().println(choice.explanation());
      // The backend comes first: it may get its kernels ready while the data are loaded.
      try (Backend device = choice.create(backendOptions)) {
        ended("backend");
        TrainTest data = supply.load(terminal.err()::println);
        ended("data");
        train(device, design, options, data, folder, every);
      }
    }
    return 0;
  }

  private void ended(String phase) {
    if (timings != null) {
      timings.end(phase);
    }
  }

  private void train(
      Backend backend,
      ModelDesign design,
      TrainerOptions options,
      TrainTest data,
      RunFolder folder,
      int every)
      throws IOException {
    Sequential layer = design.build(data.train());
    try (Trainer trainer = new Trainer(backend, layer, Losses::softmaxCrossEntropy, options)) {
      announce(design, layer, options, data, trainer);
      Map<String, String> metadata = metadata(backend.device(), options, layer, data);
      Path checkpoint = folder.path().resolve(Resumption.CHECKPOINT);
      if (every > 0) {
        trainer.keepCheckpoints(checkpoint, every, metadata);
      }
      resume(trainer, checkpoint, data, backend.device());
      History history =
          arguments.run().tensorboard()
              ? fitWithEvents(trainer, layer, data, folder.path().resolve("tensorboard"))
              : fit(trainer, data, List.of());
      RunResult result = result(backend.device(), design, options, data, trainer, history);
      RunFiles files = new RunFiles(result, history, layer, trainer.parameters(), metadata);
      folder.write(staging -> files.write(staging, terminal.err()));
      Files.deleteIfExists(checkpoint);
      report(history, folder);
    }
  }

  private void resume(Trainer trainer, Path checkpoint, TrainTest data, Device device)
      throws IOException {
    if (resumption != null) {
      String warning = resumption.warning(name(device));
      if (!warning.isEmpty()) {
        terminal.err().println(warning);
      }
      trainer.resume(checkpoint, data.train());
      terminal.say("resuming %s after %,d steps", resumption.folder(), trainer.stepsDone());
    }
  }

  private History fitWithEvents(Trainer trainer, Layer layer, TrainTest data, Path folder)
      throws IOException {
    try (EventFile events = new EventFile(folder, trainer.stepsDone())) {
      Listener listener = new TensorBoardListener(events, layer, trainer);
      History history = fit(trainer, data, List.of(listener));
      logMistakes(events, trainer, layer, data);
      return history;
    }
  }

  private void logMistakes(EventFile events, Trainer trainer, Layer layer, TrainTest data)
      throws IOException {
    ModelInfo info = ModelInfo.of(layer, data.train());
    try (Predictor predictor = new Predictor(info, trainer.parameters());
        Pictures pictures = new Pictures()) {
      List<Mistake> mistakes = Evaluation.of(predictor, data.test()).mistakes();
      if (!mistakes.isEmpty()) {
        pictures.draw("image of mistakes", () -> MistakeSheet.png(data.test(), mistakes));
      }
      long step = trainer.stepsDone() - 1L;
      pictures.take((name, png) -> events.image("mistakes", step, png), terminal.err());
    }
  }

  private History fit(Trainer trainer, TrainTest data, List<Listener> more) {
    ProgressLine progress = new ProgressLine(terminal, trainer.options().epochs());
    List<Listener> listeners = new ArrayList<>(more);
    listeners.add(progress);
    if (timings != null) {
      listeners.add(timings);
    }
    ended("model");
    try {
      return trainer.fit(data.train(), data.test(), listeners);
    } finally {
      progress.stop();
    }
  }

  private void announce(
      ModelDesign design,
      Sequential layer,
      TrainerOptions options,
      TrainTest data,
      Trainer trainer) {
    terminal.say(
        "data %s: %,d training and %,d test images from %s",
        data.train().name(), data.train().size(), data.test().size(), data.source());
    terminal.say(
        "model %s: %s; %,d parameters",
        design.preset().name(), design.describe(layer, data.train()), trainer.parameters().count());
    terminal.say("training %s", arguments.training().describe(design.preset().method(), options));
  }

  /** What model and checkpoint say of themselves: the same for a run that was resumed. */
  private Map<String, String> metadata(
      Device device, TrainerOptions options, Layer layer, TrainTest data) {
    Map<String, String> metadata = new HashMap<>(ModelInfo.of(layer, data.train()).metadata());
    metadata.put(Resumption.ARGUMENTS, String.join("\n", originalArguments()));
    metadata.put("command", "nn " + String.join(" ", originalArguments()));
    metadata.put("dataset", data.train().name());
    metadata.put("dataSha256", data.train().sha256());
    metadata.put("seed", String.valueOf(options.seed()));
    metadata.put("device", name(device));
    metadata.put("version", Main.Version.nn());
    metadata.put("java", Runtime.version().toString());
    return metadata;
  }

  private List<String> originalArguments() {
    return resumption == null
        ? spec.commandLine().getParseResult().originalArgs()
        : resumption.arguments();
  }

  private static String name(Device device) {
    return device.backend() + " " + device.name();
  }

  private RunResult result(
      Device device,
      ModelDesign design,
      TrainerOptions options,
      TrainTest data,
      Trainer trainer,
      History history) {
    return new RunResult(
        "train " + spec.name(),
        data.train().name(),
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
    if (timings != null) {
      timings.lines("files and pictures").forEach(terminal.out()::println);
    }
  }
}
