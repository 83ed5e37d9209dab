package nn.examples.cli;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err warnings and errors
 * @param interactive whether a person watches a real terminal, so that a line may be redrawn
 */
record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {

  /** Prints a line of results: a format and its arguments. */
  void say(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
