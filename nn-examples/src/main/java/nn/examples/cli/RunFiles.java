package nn.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
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

  @FunctionalInterface
  interface Picture {
    byte[] draw() throws IOException;
  }

  /** Writes all files into a folder. A picture that cannot be drawn is left out, with a warning. */
  void write(Path folder, PrintWriter warnings) throws IOException {
    Files.write(folder.resolve("steps.csv"), steps());
    ModelFile.save(folder.resolve("model.safetensors"), model, parameters, withAccuracy());
    draw(folder.resolve("loss.png"), () -> Charts.loss(history.losses()), warnings);
    draw(folder.resolve("accuracy.png"), () -> Charts.accuracy(history.epochs()), warnings);
    result.write(folder.resolve("result.json"), RunResult.secondsSinceStart());
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

  static void draw(Path file, Picture picture, PrintWriter warnings) throws IOException {
    attempt(file.getFileName(), () -> Files.write(file, picture.draw()), warnings);
  }

  /** Something that draws. */
  @FunctionalInterface
  interface Drawing {
    void run() throws IOException;
  }

  /** A Java without fonts or libraries for drawing throws errors as well as exceptions. */
  static void attempt(Object what, Drawing drawing, PrintWriter warnings) throws IOException {
    try {
      drawing.run();
    } catch (FileSystemException e) {
      throw e;
    } catch (Throwable e) {
      warnings.println("warning: no " + what + ", for it cannot be drawn: " + e);
    }
  }
}
