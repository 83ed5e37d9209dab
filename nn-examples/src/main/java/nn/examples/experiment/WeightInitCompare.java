package nn.examples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.examples.chart.Palette;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.init.Initializers;
import nn.optim.Sgd;
import nn.tensor.Initializer;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The same training from four kinds of initial weights: two of them lead nowhere. */
@Command(
    name = "weight-init-compare",
    description = "Initial weights: std 0.01, Xavier, He and zeros; SGD on MNIST, 784-[100]x4-10.")
public final class WeightInitCompare implements Experiment {

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Updates, each with 128 images (default: ${DEFAULT-VALUE}).")
  private int steps = 2000;

  @Override
  public void check() {
    Options.atLeast(1, "--steps", steps);
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Map<String, Initializer> initializers = new LinkedHashMap<>();
    initializers.put("std=0.01", Initializers.normal(0.01));
    initializers.put("Xavier", Initializers.xavier());
    initializers.put("He", Initializers.he());
    initializers.put("zeros", Initializers.zeros());

    LossCurves curves = new LossCurves(lab, steps);
    initializers.forEach(
        (name, initializer) -> curves.train(name, Nets.deep(4, initializer), new Sgd(), 0.01));

    Table table = new Table("initial weights", "loss, mean of the last 100 steps");
    curves.losses().keySet().forEach(name -> table.row(name, "%.4f".formatted(curves.last(name))));
    report.table(table);
    List<String> names = new ArrayList<>(initializers.keySet());
    report.picture(
        "loss.png",
        "The loss of each step, smoothed by a Kaiser window; zeros and 0.01 stay where they were",
        () ->
            curves.picture(
                "Initial weights on MNIST",
                2.5,
                LegendPosition.OutsideE,
                name -> style(name, names.indexOf(name))));
    report.result(curves.losses());
  }

  /** The curves of std 0.01 and of zeros lie on one another. */
  private static Style style(String name, int i) {
    return switch (name) {
      case "std=0.01" -> Style.wide(Palette.PALE_BLUE);
      case "zeros" -> Style.fine(Palette.RED);
      default -> Style.fine(Palette.series(i));
    };
  }
}
