package nn.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints rows as they come, and keeps them for a file. */
final class Rows {
  private final PrintWriter out;
  private final List<Map<String, Object>> rows = new ArrayList<>();

  Rows(PrintWriter out) {
    this.out = out;
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Adds a row. The text is a format of the further arguments. */
  void add(Map<String, Object> row, String text, Object... arguments) {
    rows.add(row);
    say(String.format(Locale.ROOT, text, arguments));
  }

  /** Shows what a profiler found. */
  void profile(String what, Map<String, Double> found) {
    found.forEach(
        (name, value) -> say(String.format(Locale.ROOT, "    %s %s %,.3f", what, name, value)));
  }

  /** All rows, as JSON. */
  byte[] json() {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsBytes(rows);
  }
}
