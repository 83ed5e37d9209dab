package nn.examples.experiment;

import java.io.IOException;
import nn.examples.chart.Palette;
import nn.examples.chart.Style;
import nn.init.Initializers;
import nn.optim.Sgd;
import nn.tensor.Initializer;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;

/** The same training from four kinds of initial weights: two of them lead nowhere. */
@Command(
    name = "weight-init-compare",
    description = "Initial weights: std 0.01, Xavier, He and zeros; SGD on MNIST, 784-[100]x4-10.")
public final class WeightInitCompare extends LossComparison {

  /** The experiment with its usual options. */
  public WeightInitCompare() {
    super(
        "initial weights",
        "The loss of each step, smoothed by a Kaiser window; zeros and 0.01 stay where they were");
  }

  @Override
  void train(LossCurves curves) {
    train(curves, "std=0.01", Initializers.normal(0.01));
    train(curves, "Xavier", Initializers.xavier());
    train(curves, "He", Initializers.he());
    train(curves, "zeros", Initializers.zeros());
  }

  private static void train(LossCurves curves, String name, Initializer initializer) {
    curves.train(name, Nets.deep(4, initializer), new Sgd(), 0.01);
  }

  @Override
  byte[] draw(LossCurves curves) throws IOException {
    return curves.picture(
        "Initial weights on MNIST", 2.5, LegendPosition.OutsideE, WeightInitCompare::style);
  }

  /** The curves of std 0.01 and of zeros lie on one another. */
  private static Style style(String name) {
    return switch (name) {
      case "std=0.01" -> Style.wide(Palette.PALE_BLUE);
      case "Xavier" -> Style.fine(Palette.ORANGE);
      case "He" -> Style.fine(Palette.GREEN);
      default -> Style.fine(Palette.RED);
    };
  }
}
