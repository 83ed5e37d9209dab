package nn.examples.cli;

import java.util.StringJoiner;
import java.util.function.Function;
import nn.data.DataException;
import nn.data.Dataset;
import nn.layer.Conv2d;
import nn.layer.Layer;
import nn.layer.Linear;
import nn.layer.MaxPool2d;
import nn.layer.Sequential;
import nn.tensor.Window;

/**
 * A model as a user asked for it.
 *
 * @param preset what was not named comes from it
 * @param settings activation, initial weights and the like in words
 * @param layers for the images and classes of a data set
 */
record ModelDesign(Preset preset, String settings, Function<Dataset, Sequential> layers) {

  /**
   * The model for images and classes of that data set.
   *
   * @throws DataException if the images are too small for it
   */
  Sequential build(Dataset data) throws DataException {
    try {
      return layers.apply(data);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "%s: images of %dx%d are too small for --model %s (%s); take --model mlp"
              .formatted(data.name(), data.rows(), data.cols(), preset.name(), e.getMessage()),
          e);
    }
  }

  /** A model that was built for that data set in words: {@code 784-50-10 sigmoid, std:0.01}. */
  String describe(Sequential model, Dataset data) {
    StringJoiner parts = new StringJoiner("-");
    parts.add(
        preset.network() == null
            ? String.valueOf(data.features())
            : "%dx%dx%d".formatted(data.rows(), data.cols(), data.channels()));
    for (Layer layer : model.layers()) {
      switch (layer) {
        case Linear linear -> parts.add(String.valueOf(linear.outputs()));
        case Conv2d conv -> parts.add("conv %d %s".formatted(conv.outputs(), size(conv.window())));
        case MaxPool2d(Window window) -> parts.add("pool " + size(window));
        default -> {} // the settings tell of it
      }
    }
    return parts + " " + settings;
  }

  private static String size(Window window) {
    return window.height() + "x" + window.width();
  }
}
