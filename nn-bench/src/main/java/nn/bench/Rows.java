package nn.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints rows as they come, and saves them as JSON at the end: the file is replaced as a whole. */
final class Rows implements AutoCloseable {
  private final @Nullable Path file;
  private final @Nullable Path partial;
  private final PrintWriter out;
  private final List<Map<String, Object>> rows = new ArrayList<>();

  /**
   * @param file to save to, or null
   * @throws IOException if nothing can be written there, found out before anything is measured
   */
  Rows(@Nullable Path file, PrintWriter out) throws IOException {
    this.out = out;
    this.file = file == null ? null : file.toAbsolutePath();
    try {
      partial =
          this.file == null
              ? null
              : Files.createTempFile(this.file.getParent(), ".nn-bench-", ".json");
    } catch (IOException e) {
      throw new IOException("cannot write " + file + "; is its folder there, and yours?", e);
    }
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

  void save() throws IOException {
    if (partial != null && file != null) {
      var mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
      Files.write(partial, mapper.writeValueAsBytes(rows));
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    if (partial != null) {
      Files.deleteIfExists(partial);
    }
  }
}
