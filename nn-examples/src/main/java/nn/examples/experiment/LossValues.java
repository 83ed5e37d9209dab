package nn.examples.experiment;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.DType;
import nn.backend.Shape;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.expr.Expr;
import nn.layer.Softmax;
import nn.loss.Losses;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import picocli.CommandLine.Command;

/** Losses whose values can be checked by hand, and their gradients: in double, and as it trains. */
@Command(
    name = "losses",
    description = "Values and derivatives of the losses, and a network of one layer.")
public final class LossValues implements Experiment {
  private static final double[] Y = {0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0};
  private static final int LABEL = 2;

  private static final double[] X = {0.6, 0.9};
  private static final double[] W = {
    -0.32688493, 0.66694564, -0.33586083, 0.84330568, -0.52344912, -0.53677751
  };

  private static final double[] Z = {-2, -0.5, 0, 1, 3};
  private static final double[] TARGETS = {0, 1, 1, 0, 1};

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Map<String, Object> result = new LinkedHashMap<>();
    try (Backend reference = Backends.choose("reference").create(BackendOptions.DEFAULT)) {
      Device exact = new Device(reference, DType.F64);
      Device here = new Device(lab.backend(), DType.F32);
      String name = lab.backend().device().backend();

      Map<String, Double> values = exact.values();
      Map<String, Double> singles = here.values();
      Table table = new Table("loss", "in double", "by " + name);
      values.forEach((loss, value) ->
          table.row(loss, "%.12f".formatted(value), "%.7f".formatted(singles.get(loss))));
      report.table(table);
      result.putAll(values);

      report.say("With a sigmoid s at the output, by backpropagation and by formula:");
      report.table(sigmoidOutputs(exact, result));

      report.say("A network of one layer, x W with softmax and cross entropy, label %d:", LABEL);
      Net net = exact.net();
      report.table(oneLayer(net, exact.differences(), here.net(), name));
      result.put("logits", net.logits());
      result.put("loss", net.loss());
      result.put("dW", matrix(net.gradient()));
      result.put("dWByDifferences", matrix(exact.differences()));
    }
    report.result(result);
  }

  /** The same derivatives. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record BothWays(double[] backpropagation, double[] formula) {}

  /** The network's numbers: logits [3], the loss, its gradient [2, 3]. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Net(double[] logits, double loss, double[] gradient) {}

  /** A backend, and the precision to use on it. */
  private record Device(Backend backend, DType type) {

    Map<String, Double> values() {
      Map<String, Double> values = new LinkedHashMap<>();
      try (Parameters none = Parameters.none(backend, type);
          Scope scope = new Scope(backend, none, Mode.EVALUATE)) {
        double[] oneHot = new double[Y.length];
        oneHot[LABEL] = 1;
        Tensor y = scope.constant(Shape.of(1, Y.length), Y);
        Tensor t = scope.constant(Shape.of(1, Y.length), oneHot);
        Tensor label = scope.integers(Shape.of(1), LABEL);
        values.put("meanSquaredError", Losses.meanSquaredError(y, t).item());
        values.put("crossEntropy", Losses.crossEntropy(y, t).item());
        values.put("crossEntropyOfLabel", Losses.crossEntropy(y, label).item());
        Tensor large = scope.constant(Shape.of(1, 3), 1e4, 1e4 - 1, 0);
        Tensor second = scope.integers(Shape.of(1), 1);
        values.put("lossOfLogitsOf10000", Losses.softmaxCrossEntropy(large, second).item());
      }
      return values;
    }

    /** The gradient of a loss that depends on one array. */
    double[] gradient(Parameter variable, Function<Scope, Tensor> loss) {
      try (Parameters parameters = parameters(variable);
          Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
        scope.backward(loss.apply(scope));
        return parameters.readGradient(variable);
      }
    }

    Net net() {
      Parameter w = fixed("W", Shape.of(2, 3), W);
      try (Parameters parameters = parameters(w);
          Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
        Tensor logits = logits(scope, w);
        Tensor loss = loss(logits);
        scope.backward(loss);
        return new Net(logits.toDoubles(), loss.item(), parameters.readGradient(w));
      }
    }

    /** The same gradient without backpropagation. */
    double[] differences() {
      Parameter w = fixed("W", Shape.of(2, 3), W);
      try (Parameters parameters = parameters(w)) {
        return Differences.gradient(
            values -> {
              parameters.write(w, values);
              try (Scope scope = new Scope(backend, parameters, Mode.EVALUATE)) {
                return loss(logits(scope, w)).item();
              }
            },
            W);
      }
    }

    private Parameters parameters(Parameter parameter) {
      return new Parameters(backend, type, List.of(parameter), 0);
    }

    private static Tensor logits(Scope scope, Parameter w) {
      return scope.constant(Shape.of(1, 2), X).matmul(scope.of(w));
    }

    /** Of probabilities, as the notes have it; training takes the loss straight from logits. */
    private static Tensor loss(Tensor logits) {
      Scope scope = logits.scope();
      Tensor probabilities = new Softmax().forward(logits, scope);
      return Losses.crossEntropy(probabilities, scope.integers(Shape.of(1), LABEL));
    }
  }

  /** Backpropagation has to find the derivatives that pencil and paper give. */
  private static Table sigmoidOutputs(Device device, Map<String, Object> result) {
    Parameter z = fixed("z", Shape.of(1, Z.length), Z);
    double[] squared =
        device.gradient(
            z,
            scope -> {
              Tensor error = targets(scope).sub(scope.of(z).map(Expr::sigmoid));
              return error.map(e -> e.square().mul(0.5)).sum();
            });
    double[] binary =
        device.gradient(
            z, scope -> Losses.binaryCrossEntropyFromLogits(scope.of(z), targets(scope)));
    double[] squaredFormula = new double[Z.length];
    double[] binaryFormula = new double[Z.length];
    Table table =
        new Table("z", "y", "d(1/2 (y-s)^2)/dz", "-(y-s) s (1-s)", "d(binary CE)/dz", "s - y");
    for (int i = 0; i < Z.length; i++) {
      double s = 1 / (1 + Math.exp(-Z[i]));
      squaredFormula[i] = -(TARGETS[i] - s) * s * (1 - s);
      binaryFormula[i] = s - TARGETS[i];
      table.row(
          Z[i],
          TARGETS[i],
          digits(squared[i]),
          digits(squaredFormula[i]),
          digits(binary[i]),
          digits(binaryFormula[i]));
    }
    result.put("z", Z);
    result.put("y", TARGETS);
    result.put("halfSquaredError", new BothWays(squared, squaredFormula));
    result.put("binaryCrossEntropy", new BothWays(binary, binaryFormula));
    return table;
  }

  private static Tensor targets(Scope scope) {
    return scope.constant(Shape.of(1, TARGETS.length), TARGETS);
  }

  private static Table oneLayer(Net exact, double[] differences, Net here, String name) {
    Table table = new Table("", "0", "1", "2");
    table.row(row("logits", exact.logits(), 0));
    table.row("loss", digits(exact.loss()), "", "");
    table.row("loss by " + name, digits(here.loss()), "", "");
    for (int i = 0; i < 2; i++) {
      table.row(row("dW[" + i + "] by backpropagation", exact.gradient(), 3 * i));
      table.row(row("dW[" + i + "] by differences", differences, 3 * i));
      table.row(row("dW[" + i + "] by " + name, here.gradient(), 3 * i));
    }
    return table;
  }

  private static Object[] row(String name, double[] values, int from) {
    return new Object[] {
      name, digits(values[from]), digits(values[from + 1]), digits(values[from + 2])
    };
  }

  private static Parameter fixed(String name, Shape shape, double[] values) {
    return new Parameter(name, shape, Parameter.Kind.WEIGHT, (s, random) -> values.clone());
  }

  private static double[][] matrix(double[] values) {
    return new double[][] {{values[0], values[1], values[2]}, {values[3], values[4], values[5]}};
  }

  private static String digits(double value) {
    return "%.8f".formatted(value);
  }
}
