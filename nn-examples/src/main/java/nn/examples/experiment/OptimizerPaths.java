package nn.examples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.examples.chart.Arrows;
import nn.examples.chart.Axes;
import nn.examples.chart.Contours;
import nn.examples.chart.Palette;
import nn.examples.chart.Picture;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.expr.Expr;
import nn.optim.AdaGrad;
import nn.optim.Adam;
import nn.optim.Momentum;
import nn.optim.Optimizer;
import nn.optim.Sgd;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.train.ParameterUpdate;
import picocli.CommandLine.Command;

/** How four optimizers find the bottom of a long valley, f(x, y) = x^2/20 + y^2. */
@Command(
    name = "optimizer-paths",
    description = "The paths of SGD, Momentum, AdaGrad and Adam down the valley x^2/20 + y^2.")
public final class OptimizerPaths implements Experiment {
  private static final int POINTS = 30;
  private static final double[] LEVELS = {0.5, 2, 4, 7, 12, 20, 32, 48, 68, 92};

  private record Contestant(String name, Optimizer optimizer, double learningRate) {}

  private static final List<Contestant> CONTESTANTS =
      List.of(
          new Contestant("SGD", new Sgd(), 0.95),
          new Contestant("Momentum", new Momentum(), 0.1),
          new Contestant("AdaGrad", new AdaGrad(), 1.5),
          new Contestant("Adam", new Adam(), 0.3));

  private record Path(List<Double> x, List<Double> y) {}

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Map<String, Path> paths = new LinkedHashMap<>();
    Table table = new Table("optimizer", "learning rate", "last x", "last y", "f there");
    for (Contestant c : CONTESTANTS) {
      Path path = path(lab.backend(), c);
      paths.put(c.name(), path);
      double x = path.x().getLast();
      double y = path.y().getLast();
      table.row(c.name(), c.learningRate(), digits(x), digits(y), digits(f(x, y)));
    }
    report.table(table);
    report.picture(
        "paths.png",
        "Thirty points of each path, from (-7, 2), and contour lines of f",
        () -> Picture.grid("f(x, y) = x\u00b2/20 + y\u00b2", 2, panels(paths)));
    report.picture(
        "gradients.png",
        "The field of gradients of f, drawn downhill: almost nowhere does it point to the minimum",
        () -> Picture.of(field()));
    report.result(paths);
  }

  private static double f(double x, double y) {
    return x * x / 20 + y * y;
  }

  /** The same for tensors: position [2] is weighted, squared and summed. */
  private static Tensor f(Tensor position, Scope scope) {
    Tensor weights = scope.constant(Shape.of(2), 1 / 20.0, 1);
    return position.map(Expr::square).mul(weights).sum();
  }

  /** Nothing but two numbers to train: forward, backward, update, as in any network. */
  private static Path path(Backend backend, Contestant c) {
    Parameter position =
        new Parameter(
            "position",
            Shape.of(2),
            Parameter.Kind.WEIGHT,
            (shape, random) -> new double[] {-7, 2});
    Path path = new Path(new ArrayList<>(), new ArrayList<>());
    try (Parameters parameters = new Parameters(backend, DType.F32, List.of(position), 0);
        ParameterUpdate update = new ParameterUpdate(parameters, c.optimizer())) {
      for (int step = 1; step <= POINTS; step++) {
        double[] here = parameters.read(position);
        path.x().add(here[0]);
        path.y().add(here[1]);
        try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
          scope.backward(f(scope.of(position), scope));
          update.apply(scope, c.learningRate(), step);
        }
      }
    }
    return path;
  }

  private static List<Axes> panels(Map<String, Path> paths) {
    List<Axes> panels = new ArrayList<>();
    paths.forEach((name, path) -> {
      Axes axes = new Axes(Axes.Size.HALF, name, "x", "y").x(-10, 10).y(-10, 10).tight();
      Contours.draw(axes, OptimizerPaths::f, -10, 10, LEVELS);
      Style style = Style.dotted(Palette.RED);
      panels.add(axes.background(array(path.x()), array(path.y()), style));
    });
    return panels;
  }

  private static Axes field() {
    Axes axes = new Axes(Axes.Size.WIDE, "-\u2207f", "x", "y").x(-11, 11).y(-5, 5).tight();
    Contours.draw(axes, OptimizerPaths::f, -12, 12, LEVELS);
    Arrows.draw(axes, (x, y) -> -x / 10, (x, y) -> -2 * y, -10, 10, 1, Style.thin(Palette.BLUE));
    return axes;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static String digits(double value) {
    return "%.4f".formatted(value);
  }
}
