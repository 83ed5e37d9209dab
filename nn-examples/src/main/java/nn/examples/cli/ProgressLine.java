package nn.examples.cli;

import java.util.Locale;
import nn.train.EpochResult;
import nn.train.Listener;
import nn.train.Progress;

/** One line an epoch; on a terminal a bar that fills while the epoch runs. */
final class ProgressLine implements Listener {
  private static final int BAR = 24;

  private final Terminal terminal;
  private final int epochs;
  private int drawn;

  ProgressLine(Terminal terminal, int epochs) {
    this.terminal = terminal;
    this.epochs = epochs;
  }

  @Override
  public void onProgress(Progress p) {
    if (terminal.interactive()) {
      int filled = (int) ((long) BAR * p.step() / p.steps());
      String bar = "#".repeat(filled) + ".".repeat(BAR - filled);
      redraw(
          "epoch %s  [%s]  loss %.4f  accuracy %.4f  %,.0f samples/s"
              .formatted(number(p.epoch()), bar, p.loss(), p.accuracy(), p.samplesPerSecond()));
    }
  }

  @Override
  public boolean onEpochEnd(EpochResult r) {
    String line =
        String.format(
            Locale.ROOT,
            "epoch %s  loss %.4f  accuracy %.4f  test accuracy %.4f  %,.0f samples/s  %.2f s",
            number(r.epoch()),
            r.trainLoss(),
            r.trainAccuracy(),
            r.testAccuracy(),
            r.samplesPerSecond(),
            r.seconds());
    redraw(line);
    terminal.out().println();
    terminal.out().flush();
    drawn = 0;
    return true;
  }

  /** Ends a line that a failure has left unfinished. */
  void stop() {
    if (drawn > 0) {
      terminal.out().println();
      drawn = 0;
    }
  }

  private String number(int epoch) {
    String total = String.valueOf(epochs);
    return " ".repeat(total.length() - String.valueOf(epoch).length()) + epoch + "/" + total;
  }

  /** Spaces wipe what a longer line has left. */
  private void redraw(String line) {
    String start = terminal.interactive() ? "\r" : "";
    terminal.out().print(start + line + " ".repeat(Math.max(0, drawn - line.length())));
    terminal.out().flush();
    drawn = terminal.interactive() ? line.length() : 0;
  }
}
