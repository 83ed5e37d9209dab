package nn.examples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.backend.DType;
import nn.backend.Shape;
import nn.examples.chart.Axes;
import nn.examples.chart.Contours;
import nn.examples.chart.Palette;
import nn.examples.chart.Picture;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.expr.Expr;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import picocli.CommandLine.Command;

/** Walking downhill: f(x) = x0^2 + x1^2, whose only valley is at (0, 0). */
@Command(
    name = "gradient-descent",
    description = "Gradient descent on x0^2 + x1^2: learning rates that fit, too large, too small.")
public final class GradientDescent implements Experiment {
  private static final double[] START = {-3, 4};
  private static final double[] LEVELS = {1, 4, 9, 16, 25, 36, 49};

  private static double f(double... x) {
    return x[0] * x[0] + x[1] * x[1];
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Map<String, Object> result = new LinkedHashMap<>();
    Table table = new Table("learning rate", "x0 after 100 steps", "x1");
    for (String rate : List.of("0.1", "10", "1e-10")) {
      double[] end = descend(Double.parseDouble(rate), 100).getLast();
      table.row(rate, "%.8e".formatted(end[0]), "%.8e".formatted(end[1]));
      result.put("lr=" + rate, Map.of("x", end));
    }
    report.table(table);

    double[] byDifferences = Differences.gradient(GradientDescent::f, START);
    double[] backpropagated = backpropagated(lab);
    report.say(
        "gradient at (-3, 4): by differences (%.6f, %.6f), by backpropagation (%.6f, %.6f)",
        byDifferences[0], byDifferences[1], backpropagated[0], backpropagated[1]);

    List<double[]> path = descend(0.1, 20).subList(0, 20);
    result.put("path", path);
    report.picture(
        "path.png",
        "The first 20 points at learning rate 0.1, and contour lines of f",
        () -> Picture.of(axes(path)));
    report.result(result);
  }

  /** The start, and where each step leads: {@code x -= rate * gradient}. */
  private static List<double[]> descend(double rate, int steps) {
    List<double[]> path = new ArrayList<>();
    double[] x = START;
    path.add(x);
    for (int i = 0; i < steps; i++) {
      double[] gradient = Differences.gradient(GradientDescent::f, x);
      x = new double[] {x[0] - rate * gradient[0], x[1] - rate * gradient[1]};
      path.add(x);
    }
    return path;
  }

  /** The same gradient as training finds it: from the symbolic derivative of an expression. */
  private static double[] backpropagated(Lab lab) {
    Parameter x =
        new Parameter("x", Shape.of(2), Parameter.Kind.WEIGHT, (shape, random) -> START.clone());
    try (Parameters parameters = new Parameters(lab.backend(), DType.F32, List.of(x), 0);
        Scope scope = new Scope(lab.backend(), parameters, Mode.TRAIN)) {
      scope.backward(scope.of(x).map(Expr::square).sum());
      return parameters.readGradient(x);
    }
  }

  private static Axes axes(List<double[]> path) {
    Axes axes =
        new Axes(Axes.Size.SQUARE, "f(x) = x0\u00b2 + x1\u00b2", "x0", "x1")
            .x(-5, 5)
            .y(-5, 5)
            .tight();
    Contours.draw(axes, (x0, x1) -> f(x0, x1), -5, 5, LEVELS);
    double[] x0 = path.stream().mapToDouble(point -> point[0]).toArray();
    double[] x1 = path.stream().mapToDouble(point -> point[1]).toArray();
    return axes.background(x0, x1, Style.dotted(Palette.optimizer("SGD")));
  }
}
