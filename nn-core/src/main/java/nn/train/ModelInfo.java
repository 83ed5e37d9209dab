package nn.train;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.data.DataException;
import nn.data.Dataset;
import nn.layer.Architecture;
import nn.layer.Layer;

/**
 * What a file must say of a classifier of images beside its parameters.
 *
 * @param model gives logits [n, classes] for pixels [n, rows * cols * channels] in [0, 1]
 * @param rows height of an image in pixels
 * @param cols width of an image in pixels
 * @param channels values of a pixel
 * @param classes their names in order
 */
public record ModelInfo(Layer model, int rows, int cols, int channels, List<String> classes) {
  private static final String ARCHITECTURE = "architecture";
  private static final String INPUT = "input";
  private static final String CLASSES = "classes";

  public ModelInfo {
    classes = List.copyOf(classes);
    if (rows < 1 || cols < 1 || channels < 1 || classes.isEmpty()) {
      throw new IllegalArgumentException(
          "no model of images of %dx%dx%d in %d classes"
              .formatted(rows, cols, channels, classes.size()));
    }
  }

  /** A model for images like those of a data set. */
  public static ModelInfo of(Layer model, Dataset data) {
    return new ModelInfo(model, data.rows(), data.cols(), data.channels(), data.classNames());
  }

  /** Bytes of one image. */
  public int features() {
    return rows * cols * channels;
  }

  /**
   * As a file's metadata.
   *
   * @throws IllegalArgumentException if the model cannot be described; see {@link Architecture#of}
   */
  public Map<String, String> metadata() {
    return Map.of(
        ARCHITECTURE, Architecture.of(model),
        INPUT, rows + "x" + cols + "x" + channels,
        CLASSES, String.join("\n", classes));
  }

  /**
   * Reads what {@link #metadata} has written.
   *
   * @throws DataException if that is missing or no description; the message says what to do
   */
  public static ModelInfo from(Map<String, String> metadata) throws DataException {
    String architecture = metadata.get(ARCHITECTURE);
    if (architecture == null) {
      throw new DataException(
          "says nothing of its model's architecture: it was not written by nn; name one, such as"
              + " \"sequential(linear(784, 100), relu, linear(100, 10))\"");
    }
    try {
      int[] input = input(metadata.getOrDefault(INPUT, ""));
      return new ModelInfo(
          Architecture.parse(architecture),
          input[0],
          input[1],
          input[2],
          List.of(metadata.getOrDefault(CLASSES, "").split("\n")));
    } catch (IllegalArgumentException e) {
      throw new DataException("its metadata describe no model: " + e.getMessage(), e);
    }
  }

  private static int[] input(String text) {
    String[] parts = text.split("x", -1);
    if (parts.length != 3 || IntStream.range(0, 3).anyMatch(i -> !parts[i].matches("\\d{1,5}"))) {
      throw new IllegalArgumentException(
          "the input is \"" + text + "\", where ROWSxCOLSxCHANNELS belongs");
    }
    return IntStream.range(0, 3).map(i -> Integer.parseInt(parts[i])).toArray();
  }
}
