package nn.examples.experiment;

import java.io.IOException;
import nn.examples.report.Report;
import nn.examples.report.Table;
import picocli.CommandLine.Option;

/** Trainings that see the same batches and differ in one thing: their loss curves, side by side. */
abstract class LossComparison implements Experiment {
  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Updates, each with 128 images (default: ${DEFAULT-VALUE}).")
  private int steps = 2000;

  private final String what;
  private final String caption;

  /**
   * @param what differs, as the table's first column says
   * @param caption of the picture
   */
  LossComparison(String what, String caption) {
    this.what = what;
    this.caption = caption;
  }

  abstract void train(LossCurves curves);

  abstract byte[] draw(LossCurves curves) throws IOException;

  @Override
  public final void check() {
    Options.atLeast(1, "--steps", steps);
  }

  @Override
  public final void run(Lab lab, Report report) throws IOException {
    LossCurves curves = new LossCurves(lab, steps);
    train(curves);
    Table table = new Table(what, "loss, mean of the last 100 steps");
    curves.losses().keySet().forEach(name -> table.row(name, "%.4f".formatted(curves.last(name))));
    report.table(table);
    report.picture("loss.png", caption, () -> draw(curves));
    report.result(curves.losses());
  }
}
