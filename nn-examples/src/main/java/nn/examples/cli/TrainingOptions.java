package nn.examples.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nn.data.Augmentation;
import nn.optim.AdamW;
import nn.optim.Optimizer;
import nn.optim.Regularizer;
import nn.optim.Schedule;
import nn.train.TrainerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options on how to train. */
final class TrainingOptions {
  private static final int USUAL_SHIFT = 2;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = {
        "sgd, momentum, nesterov, adagrad, rmsprop, adam or adamw;",
        "adam:B1:B2 and adamw:B1:B2 name the betas."
      })
  private @Nullable String optimizer;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Learning rate; by default the optimizer's usual one.")
  private @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = {
        "How the learning rate changes: constant, cosine, one-cycle,",
        "step:STEPS:FACTOR, exponential:FACTOR, warm-up:STEPS."
      })
  private @Nullable String schedule;

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
      description = "Passes over the data; 5 by default, 1 with --model cnn.")
  private @Nullable Integer epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of everything random (default: ${DEFAULT-VALUE}): same seed, same run.")
  private long seed;

  @Option(
      names = "--augment",
      paramLabel = "NAME",
      description = {
        "Change the images from epoch to epoch: shift, or shift:PIXELS (default: 2), or none,",
        "which is what most models default to; cnn: shift:1."
      })
  private @Nullable String augment;

  /** Checks the options and puts them together. */
  TrainerOptions build(Usage usage, Preset.Method preset) {
    Optimizer rule = usage.make("--optimizer", () -> OptimizerName.parse(optimizer(preset)));
    double usual = optimizer == null ? preset.learningRate() : rule.defaultLearningRate();
    double rate = learningRate == null ? usual : learningRate;
    int size = batch == null ? preset.batch() : batch;
    int passes = epochs == null ? preset.epochs() : epochs;
    usage.require(Double.isFinite(rate) && rate > 0, "--lr", rate, "a positive number");
    usage.require(
        notNegative(weightDecay), "--weight-decay", weightDecay, "0 or a positive number");
    usage.require(notNegative(clipNorm), "--clip-norm", clipNorm, "0 or a positive number");
    usage.require(size >= 1, "--batch", size, "at least 1");
    usage.require(passes >= 1, "--epochs", passes, "at least 1");
    Schedule course = usage.make("--schedule", () -> ScheduleName.parse(schedule(preset)));
    return TrainerOptions.of(size, passes, seed, decaying(rule), rate)
        .withSchedule(course)
        .withRegularizer(penalty(rule))
        .withClipNorm(clipNorm)
        .withAugmentation(usage.make("--augment", () -> augmentation(augment(preset))));
  }

  private String optimizer(Preset.Method preset) {
    return optimizer == null ? preset.optimizer() : optimizer;
  }

  private String schedule(Preset.Method preset) {
    return schedule == null ? preset.schedule() : schedule;
  }

  private String augment(Preset.Method preset) {
    return augment == null ? preset.augment() : augment;
  }

  private Optimizer decaying(Optimizer rule) {
    return weightDecay > 0 && rule instanceof AdamW adamW
        ? new AdamW(adamW.adam(), weightDecay)
        : rule;
  }

  /** AdamW's decay is its own. */
  private @Nullable Regularizer penalty(Optimizer rule) {
    return weightDecay == 0 || rule instanceof AdamW ? null : Regularizer.l2(weightDecay);
  }

  /** In words, after {@link #build} has found nothing wrong. */
  String describe(Preset.Method preset, TrainerOptions built) {
    String course = schedule(preset);
    String change = augment(preset);
    return "%s %s, batch %d, seed %d%s%s%s%s"
        .formatted(
            optimizer(preset),
            built.learningRate(),
            built.batch(),
            built.seed(),
            course.equals("constant") ? "" : ", " + course,
            weightDecay > 0 ? ", weight decay " + weightDecay : "",
            clipNorm > 0 ? ", gradient clipped at " + clipNorm : "",
            change.equals(Preset.NONE) ? "" : ", " + change);
  }

  private static @Nullable Augmentation augmentation(String name) {
    if (name.equals(Preset.NONE)) {
      return null;
    }
    Matcher shift = Pattern.compile("shift(?::(\\d{1,4}))?").matcher(name);
    if (!shift.matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is no augmentation; there are: none, shift, shift:PIXELS");
    }
    String reach = shift.group(1);
    return Augmentation.shift(reach == null ? USUAL_SHIFT : Integer.parseInt(reach));
  }

  private static boolean notNegative(double value) {
    return Double.isFinite(value) && value >= 0;
  }
}
