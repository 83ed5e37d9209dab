package nn.examples.cli;

import nn.examples.experiment.Lab;

/**
 * How far a long experiment has come: on a terminal one line that is redrawn, elsewhere a line
 * every ten seconds. Safe for use by several threads.
 */
final class StatusLine implements Lab.Status {
  private static final int BAR = 24;
  private static final double SECONDS_BETWEEN_LINES = 10;

  private final Terminal terminal;
  private int drawn;
  private long lastLine = System.nanoTime();

  StatusLine(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public synchronized void show(String what, long done, long total, String detail) {
    if (terminal.interactive()) {
      int filled = (int) (BAR * done / Math.max(1, total));
      String bar = "#".repeat(filled) + ".".repeat(BAR - filled);
      redraw("%s  [%s]  %,d of %,d  %s".formatted(what, bar, done, total, detail));
    } else if ((System.nanoTime() - lastLine) / 1e9 >= SECONDS_BETWEEN_LINES) {
      lastLine = System.nanoTime();
      terminal.say("%s: %,d of %,d  %s", what, done, total, detail);
    }
  }

  /** Wipes the line, so that others can be printed. */
  synchronized void clear() {
    if (drawn > 0) {
      redraw("");
      terminal.out().print("\r");
      terminal.out().flush();
      drawn = 0;
    }
  }

  /** Spaces wipe what a longer line has left. */
  private void redraw(String line) {
    terminal.out().print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    terminal.out().flush();
    drawn = line.length();
  }
}
