package nn.examples.experiment;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import nn.optim.Regularizer;
import nn.optim.Sgd;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A network that learns three hundred images by heart, and two ways to keep it from that. */
@Command(
    name = "overfit",
    description = "784-[100]x6-10 on 300 images: overfitting, and what helps against it.")
public final class Overfit implements Experiment {
  private static final int IMAGES = 300;
  private static final int BATCH = 100;
  private static final double LEARNING_RATE = 0.01;
  private static final int EPOCHS = 201;
  private static final int EPOCHS_WITH_DROPOUT = 301;

  @Option(
      names = "--weight-decay",
      paramLabel = "L",
      arity = "0..1",
      defaultValue = "0",
      fallbackValue = "0.1",
      description = "L2 penalty on the weights; without a number ${FALLBACK-VALUE}.")
  private double weightDecay;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      arity = "0..1",
      defaultValue = "0",
      fallbackValue = "0.15",
      description = "Share of hidden units to drop; without a number ${FALLBACK-VALUE}.")
  private double dropout;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the images; by default 201, with dropout 301.")
  private @Nullable Integer chosenEpochs;

  @Override
  public void check() {
    Options.require(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "--weight-decay",
        "0 or a positive number",
        weightDecay);
    Options.require(dropout >= 0 && dropout < 1, "--dropout", "from 0 to below 1", dropout);
    Options.atLeast(1, "--epochs", epochs());
  }

  private int epochs() {
    int usual = dropout > 0 ? EPOCHS_WITH_DROPOUT : EPOCHS;
    return chosenEpochs == null ? usual : chosenEpochs;
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Mnist mnist = lab.mnist();
    Layer net = Nets.deep(6, Initializers.he(), dropout);
    TrainerOptions options =
        TrainerOptions.of(BATCH, epochs(), lab.seed(), new Sgd(), LEARNING_RATE)
            .withRegularizer(weightDecay > 0 ? Regularizer.l2(weightDecay) : null);
    try (Trainer trainer = new Trainer(lab.backend(), net, Losses::softmaxCrossEntropy, options);
        Accuracies train =
            new Accuracies(lab.backend(), trainer.parameters(), net, mnist.train().take(IMAGES));
        Accuracies test = new Accuracies(lab.backend(), trainer.parameters(), net, mnist.test())) {
      trainer.fit(mnist.train().take(IMAGES), null, List.of(train, test, lab.watch("overfit")));
      report(report, train.byEpoch(), test.byEpoch());
    }
  }

  private void report(Report report, List<Double> train, List<Double> test) {
    double gap = train.getLast() - test.getLast();
    report.table(
        new Table(how(), "accuracy")
            .row("on the 300 training images", "%.4f".formatted(train.getLast()))
            .row("on all test images", "%.4f".formatted(test.getLast()))
            .row("gap", "%.4f".formatted(gap)));
    report.picture(
        "accuracy.png", "Accuracy by epoch, " + how(), () -> picture(array(train), array(test)));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("weightDecay", weightDecay);
    result.put("dropout", dropout);
    result.put("trainAccuracy", train);
    result.put("testAccuracy", test);
    result.put("gap", gap);
    report.result(result);
  }

  private String how() {
    String decay = weightDecay > 0 ? "weight decay " + weightDecay : "";
    String drop = dropout > 0 ? "dropout " + dropout : "";
    String both = decay + (decay.isEmpty() || drop.isEmpty() ? "" : ", ") + drop;
    return both.isEmpty() ? "without regularization" : "with " + both;
  }

  private byte[] picture(double[] train, double[] test) throws IOException {
    return Picture.of(
        new Axes(Axes.Size.WIDE, "300 images learnt " + how(), "epoch", "accuracy")
            .curve("training", 1, train, Style.line(Palette.TRAIN))
            .curve("test", 1, test, Style.line(Palette.TEST))
            .counts(1, train.length)
            .y(0, 1.02)
            .legend(LegendPosition.InsideSE));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
