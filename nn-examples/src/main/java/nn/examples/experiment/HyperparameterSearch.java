package nn.examples.experiment;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.data.Dataset;
import nn.data.Mnist;
import nn.examples.chart.Axes;
import nn.examples.chart.Palette;
import nn.examples.chart.Picture;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.init.Initializers;
import nn.layer.Layer;
import nn.loss.Losses;
import nn.optim.Sgd;
import nn.optim.WeightDecay;
import nn.train.EpochResult;
import nn.train.History;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import nn.tune.Journal;
import nn.tune.Outcome;
import nn.tune.Range;
import nn.tune.Result;
import nn.tune.Search;
import nn.tune.SearchListener;
import nn.tune.Trial;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Learning rate and weight decay by random search, from coarse to fine. Finished trials are kept in
 * {@code journal.jsonl} of the run folder: the same command with the same {@code --out} goes on
 * where it was stopped.
 */
@Command(
    name = "hyperparameter-search",
    description = {
      "Random search for learning rate and weight decay, in parallel, coarse to fine.",
      "Stopped and started again with the same --out, it goes on where it was."
    })
public final class HyperparameterSearch implements Experiment {
  private static final String RATE = "learningRate";
  private static final String DECAY = "weightDecay";
  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";

  private static final List<Range> RANGES =
      List.of(Range.logarithmic(RATE, 1e-6, 1e-2), Range.logarithmic(DECAY, 1e-8, 1e-4));

  private static final int IMAGES = 500;
  private static final double HELD_BACK = 0.2;
  private static final int BATCH = 100;
  private static final int BEST = 10;
  private static final int SHOWN = 20;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "100",
      description = "Trials of the first round (default: ${DEFAULT-VALUE}).")
  private int trials = 100;

  @Option(
      names = "--fine-trials",
      paramLabel = "N",
      description = "Trials of the second round, 0 for none; by default half as many.")
  private @Nullable Integer fineTrials;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Trials at a time; by default one for each thread of the backend.")
  private @Nullable Integer parallel;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "50",
      description = "Of each trial (default: ${DEFAULT-VALUE}).")
  private int epochs = 50;

  @Override
  public void check() {
    Options.atLeast(1, "--trials", trials);
    Options.atLeast(1, "--epochs", epochs);
    Options.atLeast(0, "--fine-trials", fineTrials());
    if (parallel != null) {
      Options.atLeast(1, "--parallel", parallel);
    }
  }

  private int fineTrials() {
    return fineTrials == null ? trials / 2 : fineTrials;
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Mnist mnist = lab.mnist();
    Dataset images = mnist.train().take(IMAGES).shuffled(lab.seed());
    int held = (int) (HELD_BACK * images.size());
    Dataset validation = images.subset(0, held);
    Dataset train = images.subset(held, images.size());
    String search =
        "%s on %s, %d images, %d epochs, seed %d"
            .formatted(lab.choice().device().backend(), mnist.name(), IMAGES, epochs, lab.seed());
    int workers = parallel == null ? lab.choice().device().threads() : parallel;

    List<Result> results = new ArrayList<>();
    try (Journal journal = Journal.open(lab.folder().resolve("journal.jsonl"), search)) {
      Search rounds =
          new Search(
              (trial, backend) -> train(trial, backend, train, validation),
              () -> lab.choice().create(new BackendOptions(1)),
              workers,
              journal);
      List<Result> coarse =
          rounds.round("coarse", RANGES, trials, lab.seed(), progress(lab, "coarse"));
      results.addAll(coarse);
      if (fineTrials() > 0) {
        List<Range> narrow = Result.rangesOfBest(BEST, coarse, RANGES);
        report.table(ranges(narrow));
        results.addAll(
            rounds.round("fine", narrow, fineTrials(), lab.seed(), progress(lab, "fine")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the search was interrupted; start it again to go on");
    }
    report(report, Result.sorted(results));
  }

  /** One trial: the network of the overfitting experiment, trained and judged on what was held. */
  private Outcome train(Trial trial, Backend backend, Dataset train, Dataset validation) {
    Layer net = Nets.deep(6, Initializers.he());
    var rule = new WeightDecay(new Sgd(), trial.value(DECAY));
    var options = TrainerOptions.of(BATCH, epochs, trial.seed(), rule, trial.value(RATE));
    try (Trainer trainer = new Trainer(backend, net, Losses::softmaxCrossEntropy, options)) {
      History history = trainer.fit(train, validation, List.of());
      Map<String, List<Double>> curves = new LinkedHashMap<>();
      curves.put(TRAIN, curve(history, EpochResult::trainAccuracy));
      curves.put(VALIDATION, curve(history, EpochResult::testAccuracy));
      return new Outcome(history.testAccuracy(), curves);
    }
  }

  private static List<Double> curve(History history, ToDoubleFunction<EpochResult> value) {
    return history.epochs().stream().map(value::applyAsDouble).toList();
  }

  private static SearchListener progress(Lab lab, String round) {
    List<Result> sofar = new ArrayList<>();
    return (done, trials, result) -> {
      sofar.add(result);
      Result best = Result.sorted(sofar).getFirst();
      lab.status().show(round + " search", done, trials, "best " + describe(best));
    };
  }

  private static String describe(Result result) {
    return "%.2f at rate %.2e, decay %.2e"
        .formatted(
            result.outcome().score(), result.trial().value(RATE), result.trial().value(DECAY));
  }

  private static Table ranges(List<Range> narrow) {
    Table table = new Table("range of the best ten", "from", "to");
    narrow.forEach(range ->
        table.row(range.name(), "%.2e".formatted(range.low()), "%.2e".formatted(range.high())));
    return table;
  }

  private void report(Report report, List<Result> sorted) {
    Table table = new Table("trial", "validation accuracy", "learning rate", "weight decay");
    List<Result> shown = sorted.stream().limit(SHOWN).toList();
    shown.forEach(result -> table.row(row(result)));
    report.say("The best %d of %d trials:", shown.size(), sorted.size());
    report.table(table);
    report.picture(
        "best.png",
        "The best trials: accuracy by epoch",
        () -> Picture.grid("Accuracy by epoch", 5, shown.stream().map(this::panel).toList()));
    Result best = sorted.getFirst();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("bestValidationAccuracy", best.outcome().score());
    result.put(RATE, best.trial().value(RATE));
    result.put(DECAY, best.trial().value(DECAY));
    result.put("trials", sorted.stream().map(HyperparameterSearch::summary).toList());
    report.result(result);
  }

  private static Object[] row(Result result) {
    Trial trial = result.trial();
    return new Object[] {
      trial.round() + " " + trial.number(),
      "%.2f".formatted(result.outcome().score()),
      "%.3e".formatted(trial.value(RATE)),
      "%.3e".formatted(trial.value(DECAY))
    };
  }

  private static Map<String, Object> summary(Result result) {
    Map<String, Object> summary = new LinkedHashMap<>();
    double score = result.outcome().score();
    summary.put("round", result.trial().round());
    summary.put("number", result.trial().number());
    summary.put("seed", result.trial().seed());
    summary.putAll(result.trial().values());
    summary.put("validationAccuracy", Double.isNaN(score) ? null : score);
    summary.put("curves", result.outcome().curves());
    return summary;
  }

  private Axes panel(Result result) {
    String title =
        "%.2f, rate %.1e".formatted(result.outcome().score(), result.trial().value(RATE));
    return new Axes(Axes.Size.SMALL, title, "epoch", "accuracy")
        .curve("training", 1, array(result.outcome().curve(TRAIN)), Style.line(Palette.TRAIN))
        .curve(
            "validation", 1, array(result.outcome().curve(VALIDATION)), Style.dashed(Palette.TEST))
        .counts(1, epochs)
        .y(0, 1);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
