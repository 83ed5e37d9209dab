package nn.examples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.examples.chart.Axes;
import nn.examples.chart.Palette;
import nn.examples.chart.Picture;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.init.Initializers;
import nn.layer.Linear;
import nn.loss.Losses;
import nn.optim.Sgd;
import nn.plan.Plan;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.train.ParameterUpdate;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * y = a x + b from noisy points: once by the normal equation, which gives the least squares at
 * once, and once by gradient descent, which works for any model.
 */
@Command(
    name = "linear-regression",
    description = "y = a x + b by the normal equation and by gradient descent; cost by features.")
public final class LinearRegression implements Experiment {
  private static final double SLOPE = 1.5;
  private static final double INTERCEPT = 2;
  private static final double NOISE = 0.4;
  private static final int POINTS = 100;
  private static final int EXAMPLES = 2000;
  private static final int REPETITIONS = 3;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "200",
      description = "Steps of gradient descent (default: ${DEFAULT-VALUE}).")
  private int steps = 200;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      defaultValue = "0.1",
      description = "Learning rate (default: ${DEFAULT-VALUE}).")
  private double learningRate = 0.1;

  @Option(
      names = "--features",
      paramLabel = "N",
      split = ",",
      defaultValue = "25,50,100,200,400,800",
      description = "Numbers of features to measure (default: ${DEFAULT-VALUE}).")
  private List<Integer> features = List.of();

  /**
   * Inputs and what was measured for them.
   *
   * @param x [examples, features] in row-major order
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Problem(int features, double[] x, double[] y) {
    int examples() {
      return y.length;
    }
  }

  /** y = a x + b. */
  private record Line(double a, double b) {}

  /** How long each way took, and how far their solutions are apart. */
  private record Cost(
      int features, double normalEquationMillis, double descentMillis, double difference) {}

  @Override
  public void check() {
    Options.atLeast(1, "--steps", steps);
    Options.require(
        learningRate > 0 && Double.isFinite(learningRate),
        "--lr",
        "a positive number",
        learningRate);
    for (int count : features) {
      boolean fits = count >= 1 && count < EXAMPLES;
      Options.require(fits, "--features", "from 1 to below " + EXAMPLES, count);
    }
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    SplittableRandom random = new SplittableRandom(lab.seed());
    Problem line = problem(1, POINTS, new double[] {SLOPE, INTERCEPT}, random);
    double[] exact = normalEquation(line);
    double[] descended = descend(lab.backend(), line);
    Table solutions = new Table("y = a x + b", "a", "b");
    solutions.row("the line behind the points", SLOPE, INTERCEPT);
    solutions.row("normal equation", digits(exact[0]), digits(exact[1]));
    solutions.row("gradient descent", digits(descended[0]), digits(descended[1]));
    report.table(solutions);
    report.picture(
        "line.png", "A hundred points and the line that fits them best", () -> line(line, exact));

    List<Cost> costs = costs(lab, random);
    Table table =
        new Table("features", "normal equation, ms", steps + " steps of descent, ms", "difference");
    for (Cost c : costs) {
      table.row(
          c.features(),
          "%.2f".formatted(c.normalEquationMillis()),
          "%.2f".formatted(c.descentMillis()),
          "%.1e".formatted(c.difference()));
    }
    report.say(
        "%,d examples: the normal equation costs n d^2 + d^3 / 3, a step of descent n d:",
        EXAMPLES);
    report.table(table);
    report.picture("cost.png", "Time by the number of features", () -> costPicture(costs));

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("normalEquation", new Line(exact[0], exact[1]));
    result.put("gradientDescent", new Line(descended[0], descended[1]));
    result.put("difference", difference(exact, descended));
    result.put("cost", costs);
    report.result(result);
  }

  /**
   * Normally distributed inputs, and outputs with noise.
   *
   * @param weights one for each feature, and the intercept
   */
  private static Problem problem(
      int features, int examples, double[] weights, SplittableRandom random) {
    double[] x = new double[examples * features];
    double[] y = new double[examples];
    for (int i = 0; i < examples; i++) {
      y[i] = weights[features] + NOISE * random.nextGaussian();
      for (int j = 0; j < features; j++) {
        x[i * features + j] = random.nextGaussian();
        y[i] += weights[j] * x[i * features + j];
      }
    }
    return new Problem(features, x, y);
  }

  /** Solves {@code X'X w = X'y}, X with a column of ones for the intercept. */
  private static double[] normalEquation(Problem p) {
    int columns = p.features() + 1;
    DMatrixRMaj x = new DMatrixRMaj(p.examples(), columns);
    for (int i = 0; i < p.examples(); i++) {
      System.arraycopy(p.x(), i * p.features(), x.data, i * columns, p.features());
      x.data[i * columns + p.features()] = 1;
    }
    DMatrixRMaj squared = new DMatrixRMaj(columns, columns);
    CommonOps_DDRM.multInner(x, squared);
    DMatrixRMaj projected = new DMatrixRMaj(columns, 1);
    CommonOps_DDRM.multTransA(x, new DMatrixRMaj(p.examples(), 1, true, p.y()), projected);
    DMatrixRMaj weights = new DMatrixRMaj(columns, 1);
    if (!CommonOps_DDRM.solveSPD(squared, projected, weights)) {
      throw new ArithmeticException("the features depend on one another linearly");
    }
    return weights.getData();
  }

  /** The same model as a layer: recorded once, replayed for each step. */
  private double[] descend(Backend backend, Problem p) {
    Linear model = new Linear(p.features(), 1, Initializers.zeros());
    try (Parameters parameters = new Parameters(backend, DType.F32, model.parameters(), 0);
        ParameterUpdate update = new ParameterUpdate(parameters, new Sgd());
        Scope data = new Scope(backend, parameters, Mode.EVALUATE)) {
      Tensor x = data.constant(Shape.of(p.examples(), p.features()), p.x());
      Tensor y = data.constant(Shape.of(p.examples(), 1), p.y());
      Tensor rate = data.constant(Shape.of(1), learningRate);
      try (Plan step =
          Plan.record(
              backend,
              recorder -> {
                try (Scope scope = new Scope(recorder, parameters, Mode.TRAIN)) {
                  Tensor predicted = model.forward(scope.constant(x.operand()), scope);
                  Tensor target = scope.constant(y.operand());
                  scope.backward(Losses.meanSquaredError(predicted, target));
                  update.apply(scope, i -> rate.operand());
                }
              })) {
        step.run(steps);
      }
      double[] weights = new double[p.features() + 1];
      System.arraycopy(parameters.read(model.weight()), 0, weights, 0, p.features());
      weights[p.features()] = parameters.read(model.bias())[0];
      return weights;
    }
  }

  private List<Cost> costs(Lab lab, SplittableRandom random) {
    List<Cost> costs = new ArrayList<>();
    for (int count : features) {
      double[] weights = random.doubles(count + 1, -1, 1).toArray();
      Problem problem = problem(count, EXAMPLES, weights, random);
      Timed exact = best(() -> normalEquation(problem));
      Timed descended = best(() -> descend(lab.backend(), problem));
      double difference = difference(exact.weights(), descended.weights());
      costs.add(new Cost(count, exact.millis(), descended.millis(), difference));
      lab.status().show("cost of " + count + " features", costs.size(), features.size(), "");
    }
    return costs;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Timed(double[] weights, double millis) {}

  /** The quickest of some repetitions: the others were slowed down by compilation or by others. */
  private static Timed best(Supplier<double[]> solver) {
    double least = Double.POSITIVE_INFINITY;
    double[] weights = {};
    for (int i = 0; i < REPETITIONS; i++) {
      long start = System.nanoTime();
      weights = solver.get();
      least = Math.min(least, (System.nanoTime() - start) / 1e6);
    }
    return new Timed(weights, least);
  }

  private static double difference(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static byte[] line(Problem problem, double[] solution) throws IOException {
    double[] ends = {-3, 3};
    double[] fitted = {solution[1] - 3 * solution[0], solution[1] + 3 * solution[0]};
    return Picture.of(
        new Axes(Axes.Size.HALF, "Linear regression", "x", "y")
            .curve("points", problem.x(), problem.y(), Style.points(Palette.BLUE))
            .curve("a x + b", ends, fitted, Style.line(Palette.ORANGE))
            .x(-3, 3)
            .legend(LegendPosition.InsideNW));
  }

  private byte[] costPicture(List<Cost> costs) throws IOException {
    double[] counts = costs.stream().mapToDouble(Cost::features).toArray();
    double[] exact = costs.stream().mapToDouble(Cost::normalEquationMillis).toArray();
    double[] descent = costs.stream().mapToDouble(Cost::descentMillis).toArray();
    return Picture.of(
        new Axes(Axes.Size.HALF, "Cost by features", "features", "milliseconds")
            .curve("normal equation", counts, exact, Style.dotted(Palette.BLUE))
            .curve(steps + " steps of descent", counts, descent, Style.dotted(Palette.ORANGE))
            .logarithmic()
            .legend(LegendPosition.InsideNW));
  }

  private static String digits(double value) {
    return "%.6f".formatted(value);
  }
}
