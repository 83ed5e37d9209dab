package nn.examples.experiment;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nn.data.Mnist;
import nn.examples.chart.Axes;
import nn.examples.chart.Curves;
import nn.examples.chart.Picture;
import nn.examples.chart.Style;
import nn.layer.Layer;
import nn.loss.Losses;
import nn.optim.Optimizer;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Loss curves of trainings that see the same batches: 128 images of MNIST a step, drawn with
 * replacement.
 */
final class LossCurves {
  private static final int BATCH = 128;
  private static final int AT_THE_END = 100;

  private final Lab lab;
  private final Mnist mnist;
  private final int steps;
  private final Map<String, float[]> losses = new LinkedHashMap<>();

  LossCurves(Lab lab, int steps) throws IOException {
    this.lab = lab;
    this.mnist = lab.mnist();
    this.steps = steps;
  }

  /** Trains and keeps the loss of each step; the batches follow from the lab's seed alone. */
  void train(String name, Layer net, Optimizer optimizer, double learningRate) {
    TrainerOptions options =
        TrainerOptions.of(BATCH, 1, lab.seed(), optimizer, learningRate).withStepsPerEpoch(steps);
    try (Trainer trainer = new Trainer(lab.backend(), net, Losses::softmaxCrossEntropy, options)) {
      List<Float> curve = trainer.fit(mnist.train(), null, List.of(lab.watch(name))).losses();
      float[] values = new float[curve.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = curve.get(i);
      }
      losses.put(name, values);
    }
  }

  /** The loss of each step, by name. */
  Map<String, float[]> losses() {
    return losses;
  }

  /** The mean of the last hundred steps. */
  double last(String name) {
    double[] values = curve(name);
    int from = Math.max(0, values.length - AT_THE_END);
    double sum = 0;
    for (int i = from; i < values.length; i++) {
      sum += values[i];
    }
    return sum / (values.length - from);
  }

  /** The curves, smoothed, with y from 0 to {@code highest}. */
  byte[] picture(String title, double highest, LegendPosition legend, Function<String, Style> style)
      throws IOException {
    Axes axes = new Axes(Axes.Size.WIDE, title, "step", "loss");
    for (String name : losses.keySet()) {
      axes.curve(name, 0, Curves.smooth(curve(name)), style.apply(name));
    }
    return Picture.of(axes.counts(0, steps - 1).y(0, highest).legend(legend));
  }

  private double[] curve(String name) {
    float[] values = losses.getOrDefault(name, new float[0]);
    double[] curve = new double[values.length];
    for (int i = 0; i < curve.length; i++) {
      curve[i] = values[i];
    }
    return curve;
  }
}
