package nn.examples.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nn.data.Augmentation;
import nn.optim.Adam;
import nn.optim.AdamW;
import nn.optim.Optimizer;
import nn.optim.Optimizers;
import nn.optim.Regularizer;
import nn.optim.Schedule;
import nn.train.TrainerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options on how to train. */
final class TrainingOptions {
  private static final String DECOUPLED = "adamw";
  private static final int USUAL_SHIFT = 2;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "sgd, momentum, nesterov, adagrad, rmsprop, adam or adamw.")
  private @Nullable String optimizer;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Learning rate; by default the optimizer's usual one.")
  private @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "constant",
      description = {
        "How the learning rate changes: constant, cosine, one-cycle,",
        "step:STEPS:FACTOR, exponential:FACTOR, warm-up:STEPS."
      })
  private String schedule = "constant";

  @Option(
      names = "--weight-decay",
      paramLabel = "L",
      defaultValue = "0",
      description = "L2 penalty on the weights; with adamw its decoupled decay.")
  private double weightDecay;

  @Option(
      names = "--clip-norm",
      paramLabel = "NORM",
      defaultValue = "0",
      description = "Greatest norm of the gradient; 0 does not clip.")
  private double clipNorm;

  @Option(names = "--batch", paramLabel = "N", description = "Examples in a step.")
  private @Nullable Integer batch;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Passes over the data (default: ${DEFAULT-VALUE}).")
  private int epochs = 5;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of everything random (default: ${DEFAULT-VALUE}): same seed, same run.")
  private long seed;

  @Option(
      names = "--augment",
      paramLabel = "NAME",
      description = "Change the images from epoch to epoch: shift, or shift:PIXELS (default: 2).")
  private @Nullable String augment;

  /** Checks the options and puts them together. */
  TrainerOptions build(Usage usage, Preset preset) {
    String name = optimizer == null ? preset.optimizer() : optimizer;
    Optimizer rule = usage.make("--optimizer", () -> Optimizers.named(name));
    double usual = optimizer == null ? preset.learningRate() : rule.defaultLearningRate();
    double rate = learningRate == null ? usual : learningRate;
    int size = batch == null ? preset.batch() : batch;
    usage.require(Double.isFinite(rate) && rate > 0, "--lr", rate, "a positive number");
    usage.require(
        notNegative(weightDecay), "--weight-decay", weightDecay, "0 or a positive number");
    usage.require(notNegative(clipNorm), "--clip-norm", clipNorm, "0 or a positive number");
    usage.require(size >= 1, "--batch", size, "at least 1");
    usage.require(epochs >= 1, "--epochs", epochs, "at least 1");
    Schedule course = usage.make("--schedule", () -> ScheduleName.parse(schedule));
    boolean decoupled = name.equals(DECOUPLED) && weightDecay > 0;
    Optimizer decaying = decoupled ? new AdamW(new Adam(), weightDecay) : rule;
    Regularizer penalty = decoupled || weightDecay == 0 ? null : Regularizer.l2(weightDecay);
    return TrainerOptions.of(size, epochs, seed, decaying, rate)
        .withSchedule(course)
        .withRegularizer(penalty)
        .withClipNorm(clipNorm)
        .withAugmentation(usage.make("--augment", this::augmentation));
  }

  /** In words, after {@link #build} has found nothing wrong. */
  String describe(Preset preset, TrainerOptions built) {
    String name = optimizer == null ? preset.optimizer() : optimizer;
    return "%s %s, batch %d, seed %d%s%s%s%s"
        .formatted(
            name,
            built.learningRate(),
            built.batch(),
            built.seed(),
            schedule.equals("constant") ? "" : ", " + schedule,
            weightDecay > 0 ? ", weight decay " + weightDecay : "",
            clipNorm > 0 ? ", gradient clipped at " + clipNorm : "",
            augment == null ? "" : ", " + augment);
  }

  private @Nullable Augmentation augmentation() {
    if (augment == null) {
      return null;
    }
    Matcher shift = Pattern.compile("shift(?::(\\d{1,4}))?").matcher(augment);
    if (!shift.matches()) {
      throw new IllegalArgumentException(
          "\"" + augment + "\" is no augmentation; there are: shift, shift:PIXELS");
    }
    String reach = shift.group(1);
    return Augmentation.shift(reach == null ? USUAL_SHIFT : Integer.parseInt(reach));
  }

  private static boolean notNegative(double value) {
    return Double.isFinite(value) && value >= 0;
  }
}
