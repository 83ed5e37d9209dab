package nn.examples.experiment;

import java.io.IOException;
import nn.examples.chart.Palette;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.init.Initializers;
import nn.optim.AdaGrad;
import nn.optim.Adam;
import nn.optim.Momentum;
import nn.optim.RmsProp;
import nn.optim.Sgd;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Five optimizers train the same network from the same start on the same batches. */
@Command(
    name = "optimizer-compare",
    description = "SGD, Momentum, AdaGrad, Adam and RMSprop on MNIST, 784-[100]x4-10.")
public final class OptimizerCompare implements Experiment {

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
    var net = Nets.deep(4, Initializers.he());
    LossCurves curves = new LossCurves(lab, steps);
    curves.train("SGD", net, new Sgd(), 0.01);
    curves.train("Momentum", net, new Momentum(), 0.01);
    curves.train("AdaGrad", net, new AdaGrad(), 0.01);
    curves.train("Adam", net, new Adam(), 0.001);
    curves.train("RMSprop", net, new RmsProp(), 0.01);

    Table table = new Table("optimizer", "loss, mean of the last 100 steps");
    curves.losses().keySet().forEach(name -> table.row(name, "%.4f".formatted(curves.last(name))));
    report.table(table);
    report.picture(
        "loss.png",
        "The loss of each step, smoothed by a Kaiser window",
        () ->
            curves.picture(
                "Optimizers on MNIST",
                1,
                LegendPosition.InsideNE,
                name -> Style.fine(Palette.optimizer(name))));
    report.result(curves.losses());
  }
}
