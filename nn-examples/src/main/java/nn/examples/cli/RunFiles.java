package nn.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.examples.chart.Charts;
import nn.layer.Layer;
import nn.tensor.Parameters;
import nn.train.History;
import nn.train.ModelFile;

/**
 * What a training leaves behind.
 *
 * @param result for result.json
 * @param history for steps.csv and the pictures
 * @param model with its parameters for model.safetensors
 * @param metadata kept with the model
 */
record RunFiles(
    RunResult result,
    History history,
    Layer model,
    Parameters parameters,
    Map<String, String> metadata) {

  /** Writes all files into a folder. A picture that cannot be drawn is left out, with a warning. */
  void write(Path folder, PrintWriter warnings) throws IOException {
    try (Pictures pictures = new Pictures()) {
      pictures.draw("loss.png", () -> Charts.loss(history.losses()));
      pictures.draw("accuracy.png", () -> Charts.accuracy(history.epochs()));
      Files.write(folder.resolve("steps.csv"), steps());
      ModelFile.save(folder.resolve("model.safetensors"), model, parameters, withAccuracy());
      result.write(folder.resolve("result.json"), RunResult.secondsSinceStart());
      pictures.write(folder, warnings);
    }
  }

  /** The shortest decimals that give each float back, so that runs compare bit for bit. */
  private Iterable<String> steps() {
    List<Float> losses = history.losses();
    String[] lines = new String[losses.size() + 1];
    lines[0] = "step,loss";
    for (int i = 0; i < losses.size(); i++) {
      lines[i + 1] = i + "," + Float.toString(losses.get(i));
    }
    return List.of(lines);
  }

  private Map<String, String> withAccuracy() {
    Map<String, String> all = new HashMap<>(metadata);
    all.put("testAccuracy", String.valueOf(result.testAccuracy()));
    return all;
  }
}
