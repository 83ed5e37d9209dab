package nn.data;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Images as lines of comma-separated whole numbers: a label and pixels from 0 to 255. The first
 * line may name the columns; the label is the column called {@code label} or {@code class}, else
 * the first. As many pixels as a square has make a square image, others a single row.
 */
final class CsvImages {
  private final Path file;
  private final ByteArrayOutputStream pixels = new ByteArrayOutputStream();
  private final IntStream.Builder labels = IntStream.builder();
  private int columns;
  private int labelColumn;
  private int largest;
  private int line;

  private CsvImages(Path file) {
    this.file = file;
  }

  static Dataset read(Path file, String name) throws IOException {
    return new CsvImages(file).parse(name);
  }

  private Dataset parse(String name) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      header(in.readLine());
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        line++;
        if (!text.isBlank()) {
          row(text);
        }
      }
    } catch (MalformedInputException e) {
      throw new DataException(file + ": is no text, so no CSV file", e);
    }
    int features = columns - 1;
    int side = (int) Math.round(Math.sqrt(features));
    boolean square = side * side == features;
    return Dataset.of(
        name,
        square ? side : 1,
        square ? side : features,
        1,
        largest + 1,
        pixels.toByteArray(),
        labels.build().toArray());
  }

  private void header(@Nullable String first) throws DataException {
    if (first == null || first.isBlank()) {
      throw new DataException(file + ": is empty; each line holds a label and pixels");
    }
    line = 1;
    List<String> cells = Arrays.stream(first.split(",", -1)).map(CsvImages::plain).toList();
    columns = cells.size();
    if (columns < 2) {
      throw error("one column; a label and pixels, separated by commas, are needed");
    }
    if (cells.stream().allMatch(cell -> cell.matches("\\d+"))) {
      row(first);
      return;
    }
    labelColumn = Math.max(0, Math.max(cells.indexOf("label"), cells.indexOf("class")));
  }

  private static String plain(String cell) {
    return cell.strip().replace("\"", "").toLowerCase(Locale.ROOT);
  }

  private void row(String text) throws DataException {
    int column = 0;
    int at = 0;
    while (at <= text.length()) {
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      cell(column++, number(text, at, end));
      at = end + 1;
    }
    if (column != columns) {
      throw error("%d columns, where the first line has %d".formatted(column, columns));
    }
  }

  private void cell(int column, int value) throws DataException {
    if (column != labelColumn) {
      pixels.write(value);
    } else {
      labels.add(value);
      largest = Math.max(largest, value);
    }
  }

  private int number(String text, int from, int to) throws DataException {
    String cell = text.substring(from, to).strip();
    if (cell.isEmpty() || cell.length() > 3 || !cell.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw error("\"%s\" is no whole number from 0 to 255".formatted(cell));
    }
    int value = Integer.parseInt(cell);
    if (value > 255) {
      throw error(value + " is over 255");
    }
    return value;
  }

  private DataException error(String what) {
    return new DataException("%s, line %d: %s".formatted(file, line, what));
  }
}
