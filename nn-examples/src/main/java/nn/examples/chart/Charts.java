package nn.examples.chart;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import nn.examples.chart.Axes.Size;
import nn.train.EpochResult;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of a training, as PNG files of 1000 x 460 pixels. Needs no display and no fonts. */
public final class Charts {
  private Charts() {}

  /**
   * The loss of each step, and its moving average.
   *
   * @param losses of the steps, finite; at least one
   */
  public static byte[] loss(List<Float> losses) throws IOException {
    double[] raw = losses.stream().mapToDouble(Float::doubleValue).toArray();
    Axes axes =
        new Axes(Size.WIDE, "Training loss", "step", "loss")
            .curve("each step", 0, raw, Style.thin(Palette.PALE_BLUE))
            .curve("moving average", 0, smooth(raw), Style.line(Palette.BLUE))
            .counts(0, losses.size() - 1)
            .fromZero()
            .legend(LegendPosition.InsideNE);
    return Picture.of(axes);
  }

  /**
   * Accuracy on training and test data by epoch.
   *
   * @param epochs at least one
   */
  public static byte[] accuracy(List<EpochResult> epochs) throws IOException {
    int first = epochs.getFirst().epoch();
    double[] train = epochs.stream().mapToDouble(EpochResult::trainAccuracy).toArray();
    double[] test = epochs.stream().mapToDouble(EpochResult::testAccuracy).toArray();
    Axes axes = new Axes(Size.WIDE, "Accuracy", "epoch", "share classified right");
    axes.curve("training", first, train, Style.line(Palette.TRAIN).with(SeriesMarkers.CIRCLE));
    if (Arrays.stream(test).allMatch(Double::isFinite)) {
      axes.curve("test", first, test, Style.line(Palette.TEST).with(SeriesMarkers.DIAMOND));
    }
    axes.counts(first, epochs.getLast().epoch()).legend(LegendPosition.InsideSE);
    return Picture.of(axes);
  }

  /** The mean of the values around each, fewer of them at the ends. */
  static double[] smooth(double[] values) {
    int reach = values.length / 100;
    double[] sums = new double[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      sums[i + 1] = sums[i] + values[i];
    }
    double[] means = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int r = Math.min(reach, Math.min(i, values.length - 1 - i));
      means[i] = (sums[i + r + 1] - sums[i - r]) / (2 * r + 1);
    }
    return means;
  }
}
