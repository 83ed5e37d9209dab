package nn.examples.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What an experiment tells: printed as it comes, and kept for the files of its run folder. */
public final class Report {
  private final Consumer<String> out;
  private final Consumer<String> warnings;
  private final List<Part> parts = new ArrayList<>();
  private Object result = Map.of();

  /** A part of the report, in the order given. */
  sealed interface Part {
    /** A line of text. */
    record Text(String line) implements Part {}

    /** A table. */
    record Rows(Table table) implements Part {}

    /** A picture and what it shows. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Image(String file, String caption, byte[] png) implements Part {}
  }

  /** Draws a picture. */
  @FunctionalInterface
  public interface Drawing {
    byte[] draw() throws IOException;
  }

  /**
   * @param out takes what is to be printed, a line at a time
   * @param warnings takes what went wrong but does no harm
   */
  public Report(Consumer<String> out, Consumer<String> warnings) {
    this.out = out;
    this.warnings = warnings;
  }

  /** A line of text: a format and its arguments. */
  public void say(String format, Object... arguments) {
    String line = String.format(Locale.ROOT, format, arguments);
    out.accept(line);
    parts.add(new Part.Text(line));
  }

  public void table(Table table) {
    table.lines().forEach(out);
    parts.add(new Part.Rows(table));
  }

  /**
   * Draws a picture. One that cannot be drawn is left out, with a warning: a Java without fonts or
   * libraries for drawing throws errors as well as exceptions.
   *
   * @param file its name, such as {@code paths.png}
   * @param caption what it shows
   */
  public void picture(String file, String caption, Drawing drawing) {
    try {
      parts.add(new Part.Image(file, caption, drawing.draw()));
    } catch (Throwable e) {
      warnings.accept("warning: no " + file + ", for it cannot be drawn: " + e);
    }
  }

  /** The numbers for {@code result.json}: maps, lists, arrays, numbers and strings. */
  public void result(Object value) {
    result = value;
  }

  List<Part> parts() {
    return parts;
  }

  /** Writes {@code result.json} and the pictures into a folder. */
  public void write(Path folder) throws IOException {
    JsonFile.write(folder.resolve("result.json"), result);
    for (Part part : parts) {
      if (part instanceof Part.Image image) {
        Files.write(folder.resolve(image.file()), image.png());
      }
    }
  }
}
