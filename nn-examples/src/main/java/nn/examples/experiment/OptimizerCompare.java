package nn.examples.experiment;

import java.io.IOException;
import nn.examples.chart.Palette;
import nn.examples.chart.Style;
import nn.init.Initializers;
import nn.optim.AdaGrad;
import nn.optim.Adam;
import nn.optim.Momentum;
import nn.optim.RmsProp;
import nn.optim.Sgd;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;

/** Five optimizers train the same network from the same start on the same batches. */
@Command(
    name = "optimizer-compare",
    description = "SGD, Momentum, AdaGrad, Adam and RMSprop on MNIST, 784-[100]x4-10.")
public final class OptimizerCompare extends LossComparison {
  /** The experiment with its usual options. */
  public OptimizerCompare() {
    super("optimizer", "The loss of each step, smoothed by a Kaiser window");
  }

  @Override
  void train(LossCurves curves) {
    var net = Nets.deep(4, Initializers.he());
    curves.train("SGD", net, new Sgd(), 0.01);
    curves.train("Momentum", net, new Momentum(), 0.01);
    curves.train("AdaGrad", net, new AdaGrad(), 0.01);
    curves.train("Adam", net, new Adam(), 0.001);
    curves.train("RMSprop", net, new RmsProp(), 0.01);
  }

  @Override
  byte[] draw(LossCurves curves) throws IOException {
    return curves.picture(
        "Optimizers on MNIST",
        1,
        LegendPosition.InsideNE,
        name -> Style.fine(Palette.optimizer(name)));
  }
}
