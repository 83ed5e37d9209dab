package nn.examples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.data.Dataset;
import nn.examples.chart.Axes;
import nn.examples.chart.Palette;
import nn.examples.chart.Picture;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.init.Initializers;
import nn.layer.Activation;
import nn.layer.Activations;
import nn.layer.BatchNorm;
import nn.layer.Layer;
import nn.layer.Linear;
import nn.layer.Sequential;
import nn.loss.Losses;
import nn.optim.Sgd;
import nn.tensor.Initializer;
import nn.train.DivergedException;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Batch normalization makes a network indifferent to the scale of its initial weights. */
@Command(
    name = "batch-norm",
    description = "With and without batch normalization, at sixteen scales of initial weights.")
public final class BatchNormCompare implements Experiment {
  private static final int IMAGES = 1000;
  private static final int BATCH = 100;
  private static final double LEARNING_RATE = 0.01;
  private static final int HIDDEN_LAYERS = 5;
  private static final int WIDTH = 100;
  private static final double MOMENTUM = 0.9;

  /** That of the notes. A larger one would drown the small variances that small weights give. */
  private static final double EPSILON = 1e-6;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description = "Passes over a thousand images (default: ${DEFAULT-VALUE}).")
  private int epochs = 20;

  @Option(
      names = "--scales",
      paramLabel = "N",
      defaultValue = "16",
      description = "Scales of initial weights, from 1 to 0.0001 (default: ${DEFAULT-VALUE}).")
  private int scales = 16;

  /** Training accuracy by epoch; {@code divergedAtStep} is null where the loss stayed finite. */
  private record Course(List<Double> accuracy, @Nullable Integer divergedAtStep) {
    double last() {
      return accuracy.getLast();
    }
  }

  private record Pair(double scale, Course withBatchNorm, Course without) {}

  @Override
  public void check() {
    Options.atLeast(1, "--epochs", epochs);
    Options.atLeast(2, "--scales", scales);
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Dataset images = lab.mnist().train().take(IMAGES);
    List<Pair> pairs = new ArrayList<>();
    Table table = new Table("scale of weights", "with batch norm", "without");
    for (int i = 0; i < scales; i++) {
      double scale = Math.pow(10, -4.0 * i / (scales - 1));
      Course with = train(lab, images, scale, true);
      Course without = train(lab, images, scale, false);
      pairs.add(new Pair(scale, with, without));
      table.row("%.5f".formatted(scale), "%.3f".formatted(with.last()), lastOf(without));
      lab.status().show("batch-norm", i + 1, scales, "scale %.5f".formatted(scale));
    }
    report.say("Accuracy on the training images after %d epochs:", epochs);
    report.table(table);
    report.picture(
        "accuracy.png",
        "Training accuracy by epoch, a panel for each scale of the initial weights",
        () ->
            Picture.grid(
                "Training accuracy by epoch", 4, pairs.stream().map(this::panel).toList()));
    report.result(result(pairs));
  }

  /** 784-[100]x5-10; normalized, if at all, between each product and its activation. */
  private static Layer net(Initializer initializer, boolean batchNorm) {
    List<Layer> layers = new ArrayList<>();
    int inputs = 784;
    for (int i = 0; i < HIDDEN_LAYERS; i++) {
      layers.add(new Linear(inputs, WIDTH, initializer));
      if (batchNorm) {
        layers.add(new BatchNorm(WIDTH, MOMENTUM, EPSILON));
      }
      layers.add(new Activation(Activations::relu));
      inputs = WIDTH;
    }
    layers.add(new Linear(inputs, 10, initializer));
    return new Sequential(layers);
  }

  private Course train(Lab lab, Dataset images, double scale, boolean batchNorm) {
    Layer net = net(Initializers.normal(scale), batchNorm);
    var options = TrainerOptions.of(BATCH, epochs, lab.seed(), new Sgd(), LEARNING_RATE);
    try (Trainer trainer = new Trainer(lab.backend(), net, Losses::softmaxCrossEntropy, options);
        Accuracies accuracies = new Accuracies(lab.backend(), trainer.parameters(), net, images)) {
      try {
        trainer.fit(images, null, List.of(accuracies));
        return new Course(accuracies.byEpoch(), null);
      } catch (DivergedException diverged) {
        accuracies.fillUpTo(epochs);
        return new Course(accuracies.byEpoch(), diverged.step());
      }
    }
  }

  private static String lastOf(Course course) {
    String accuracy = "%.3f".formatted(course.last());
    return course.divergedAtStep() == null
        ? accuracy
        : "%s (diverged at step %d)".formatted(accuracy, course.divergedAtStep());
  }

  private Axes panel(Pair pair) {
    String title = "scale %.5f".formatted(pair.scale());
    return new Axes(Axes.Size.SMALL, title, "epoch", "accuracy")
        .curve("with batch norm", 1, array(pair.withBatchNorm()), Style.line(Palette.BLUE))
        .curve("without", 1, array(pair.without()), Style.dashed(Palette.ORANGE))
        .counts(1, epochs)
        .y(0, 1);
  }

  private static double[] array(Course course) {
    return course.accuracy().stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Map<String, Object> result(List<Pair> pairs) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("scales", pairs.stream().map(Pair::scale).toList());
    result.put(
        "withBatchNorm", pairs.stream().map(pair -> pair.withBatchNorm().accuracy()).toList());
    result.put("without", pairs.stream().map(pair -> pair.without().accuracy()).toList());
    Map<String, Integer> diverged = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      Integer step = pair.without().divergedAtStep();
      if (step != null) {
        diverged.put(String.valueOf(pair.scale()), step);
      }
    }
    result.put("withoutDivergedAtStep", diverged);
    return result;
  }
}
