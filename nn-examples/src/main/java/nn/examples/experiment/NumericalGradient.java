package nn.examples.experiment;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.DType;
import nn.backend.Shape;
import nn.check.Difference;
import nn.check.GradientCheck;
import nn.data.Dataset;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.loss.Losses;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import picocli.CommandLine.Command;

/** Is backpropagation right? Differences, slow but simple, know. */
@Command(
    name = "numerical-gradient",
    description = "Backpropagation against central differences, for every array of a network.")
public final class NumericalGradient implements Experiment {
  private static final int IMAGES = 3;
  private static final int HIDDEN = 12;

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Dataset images = lab.mnist().train().take(IMAGES);
    Layer net =
        Models.mlp(784, new int[] {HIDDEN}, 10, Activations::sigmoid, Initializers.normal(0.01));
    List<Difference> differences =
        GradientCheck.ofModel(net, lab.seed(), scope -> loss(net, images, scope));
    Map<String, double[]> exact;
    try (Backend reference = Backends.choose("reference").create(BackendOptions.DEFAULT)) {
      exact = gradients(reference, DType.F64, net, images, lab.seed());
    }
    String name = lab.backend().device().backend();
    Map<String, double[]> here = gradients(lab.backend(), DType.F32, net, images, lab.seed());

    Table table =
        new Table(
            "array of 784-" + HIDDEN + "-10", "against differences", name + " against double");
    Map<String, Double> largest = new LinkedHashMap<>();
    Map<String, Double> rounding = new LinkedHashMap<>();
    for (Difference d : differences) {
      double rounded = distance(of(d, here), of(d, exact));
      largest.put(d.array(), d.relative());
      rounding.put(d.array(), rounded);
      table.row(d.array(), "%.2e".formatted(d.relative()), "%.2e".formatted(rounded));
    }
    report.say("Largest relative difference of an element, in double on the reference backend;");
    report.say("and how far this backend's single precision is from that, as a share of the norm:");
    report.table(table);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("largestRelativeDifference", largest);
    result.put("backendAgainstDouble", rounding);
    report.result(result);
  }

  private static Tensor loss(Layer net, Dataset images, Scope scope) {
    double[] pixels = new double[images.images().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (images.images()[i] & 0xff) / 255.0;
    }
    Tensor x = scope.constant(Shape.of(images.size(), images.features()), pixels);
    Tensor labels = scope.integers(Shape.of(images.size()), images.labels());
    return Losses.softmaxCrossEntropy(net.forward(x, scope), labels);
  }

  private static Map<String, double[]> gradients(
      Backend backend, DType type, Layer net, Dataset images, long seed) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (Parameters parameters = new Parameters(backend, type, net.parameters(), seed);
        Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      scope.backward(loss(net, images, scope));
      for (Map.Entry<String, Parameter> entry : net.named().entrySet()) {
        gradients.put(entry.getKey(), parameters.readGradient(entry.getValue()));
      }
    }
    return gradients;
  }

  private static double[] of(Difference d, Map<String, double[]> gradients) {
    return Objects.requireNonNull(gradients.get(d.array()));
  }

  /** |a - b| / |b|, Euclidean. */
  private static double distance(double[] a, double[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      norm += b[i] * b[i];
    }
    return Math.sqrt(difference / norm);
  }
}
