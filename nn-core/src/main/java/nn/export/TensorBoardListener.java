package nn.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import nn.layer.Layer;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.train.EpochResult;
import nn.train.Listener;
import nn.train.Trainer;

/**
 * Writes a training to an event file: the loss of each step as {@code loss/step}; after each epoch
 * its loss and accuracies, and a histogram of each parameter.
 */
public final class TensorBoardListener implements Listener {
  private final EventFile file;
  private final Map<String, Parameter> named;
  private final Parameters parameters;
  private final int epochsBefore;
  private int step;

  /**
   * @param file stays the caller's
   * @param trainer of the model, perhaps resumed: former epochs are in other files, and left out
   */
  public TensorBoardListener(EventFile file, Layer model, Trainer trainer) {
    this.file = file;
    this.named = model.named();
    this.parameters = trainer.parameters();
    this.step = trainer.stepsDone();
    this.epochsBefore = trainer.epochsDone();
  }

  @Override
  public void onSteps(int firstStep, float[] losses) {
    try {
      for (int i = 0; i < losses.length; i++) {
        file.scalar("loss/step", firstStep + i, losses[i]);
      }
    } catch (IOException e) {
      throw failure(e);
    }
    step = firstStep + losses.length;
  }

  @Override
  public boolean onEpochEnd(EpochResult result) {
    if (result.epoch() > epochsBefore) {
      try {
        write(result);
      } catch (IOException e) {
        throw failure(e);
      }
    }
    return true;
  }

  private void write(EpochResult result) throws IOException {
    int last = step - 1;
    file.scalar("loss/epoch", last, result.trainLoss());
    file.scalar("accuracy/train", last, result.trainAccuracy());
    if (Double.isFinite(result.testAccuracy())) {
      file.scalar("accuracy/test", last, result.testAccuracy());
    }
    file.scalar("speed/samples per second", last, result.samplesPerSecond());
    for (Map.Entry<String, Parameter> entry : named.entrySet()) {
      file.histogram("parameters/" + entry.getKey(), last, parameters.read(entry.getValue()));
    }
  }

  private static UncheckedIOException failure(IOException e) {
    return new UncheckedIOException("cannot write the event file", e);
  }
}
