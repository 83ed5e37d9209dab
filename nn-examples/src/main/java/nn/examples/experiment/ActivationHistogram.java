package nn.examples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.examples.chart.Axes;
import nn.examples.chart.Palette;
import nn.examples.chart.Picture;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.layer.Activation;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Linear;
import nn.tensor.Initializer;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import picocli.CommandLine.Command;

/**
 * What initial weights do to the values that flow through a deep network: they should neither crowd
 * at the ends nor all be the same.
 */
@Command(
    name = "activation-histogram",
    description = "How activations spread through five layers, by initial weights and activation.")
public final class ActivationHistogram implements Experiment {
  private static final int EXAMPLES = 1000;
  private static final int WIDTH = 100;
  private static final int LAYERS = 5;
  private static final int BINS = 30;
  private static final int CUT = 7000;

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Map<String, Initializer> initializers = new LinkedHashMap<>();
    initializers.put("std=1", Initializers.normal(1));
    initializers.put("std=0.01", Initializers.normal(0.01));
    initializers.put("Xavier", Initializers.xavier());
    initializers.put("He", Initializers.he());
    Map<String, UnaryOperator<Expr>> activations = new LinkedHashMap<>();
    activations.put("sigmoid", Activations::sigmoid);
    activations.put("ReLU", Activations::relu);
    activations.put("tanh", Activations::tanh);

    Map<String, Map<String, List<int[]>>> counts = new LinkedHashMap<>();
    Table table = new Table("standard deviation of", "layer 1", "2", "3", "4", "5");
    activations.forEach((activation, function) ->
        initializers.forEach((init, initializer) -> {
          List<double[]> layers = activations(lab, function, initializer);
          table.row(spread(activation + ", " + init, layers));
          List<int[]> histograms = layers.stream().map(ActivationHistogram::histogram).toList();
          counts.computeIfAbsent(activation, name -> new LinkedHashMap<>()).put(init, histograms);
          report.picture(
              activation + "-" + init + ".png",
              "Activations of five layers: " + activation + ", initial weights " + init,
              () -> picture(activation, init, histograms));
        }));
    report.table(table);
    report.result(counts);
  }

  /** Standard normal inputs go through the layers; what each gives is kept. */
  private static List<double[]> activations(
      Lab lab, UnaryOperator<Expr> function, Initializer initializer) {
    Backend backend = lab.backend();
    Layer activation = new Activation(function);
    List<Linear> layers = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      layers.add(new Linear(WIDTH, WIDTH, initializer));
    }
    var declared = layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
    List<double[]> values = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(lab.seed());
    double[] input = new double[EXAMPLES * WIDTH];
    for (int i = 0; i < input.length; i++) {
      input[i] = random.nextGaussian();
    }
    try (Parameters parameters = new Parameters(backend, DType.F32, declared, random.nextLong());
        Scope scope = new Scope(backend, parameters, Mode.EVALUATE)) {
      Tensor x = scope.constant(Shape.of(EXAMPLES, WIDTH), input);
      for (Linear layer : layers) {
        x = activation.forward(layer.forward(x, scope), scope);
        values.add(x.toDoubles());
      }
    }
    return values;
  }

  /** Counts over [0, 1], the last bin with its right end; what lies outside is not counted. */
  static int[] histogram(double[] values) {
    int[] counts = new int[BINS];
    for (double value : values) {
      if (value >= 0 && value <= 1) {
        counts[Math.min(BINS - 1, (int) (value * BINS))]++;
      }
    }
    return counts;
  }

  private static Object[] spread(String name, List<double[]> layers) {
    List<Object> row = new ArrayList<>(List.of(name));
    for (double[] values : layers) {
      double sum = 0;
      double squares = 0;
      for (double value : values) {
        sum += value;
        squares += value * value;
      }
      double mean = sum / values.length;
      row.add("%.3g".formatted(Math.sqrt(Math.max(0, squares / values.length - mean * mean))));
    }
    return row.toArray();
  }

  /** Half of what ReLU gives is 0: that bar is cut off, for the others to be seen. */
  private static byte[] picture(String activation, String init, List<int[]> histograms)
      throws IOException {
    boolean cut = activation.equals("ReLU");
    int highest = histograms.stream().flatMapToInt(Arrays::stream).max().orElseThrow();
    List<Axes> panels = new ArrayList<>();
    for (int i = 0; i < histograms.size(); i++) {
      panels.add(
          new Axes(Axes.Size.SMALL, "layer " + (i + 1), "activation", "how many")
              .bars(0, 1, histograms.get(i), Palette.BLUE)
              .y(0, cut ? CUT : 1.05 * highest));
    }
    String title = activation + ", " + init + (cut ? " (bars cut at 7,000)" : "");
    return Picture.grid(title, LAYERS, panels);
  }
}
