package nn.train;

import java.lang.foreign.MemorySegment;
import nn.backend.DType;
import nn.layer.Layer;
import nn.tensor.Parameters;

/**
 * Classifies a data set with a model, by plans that are recorded once and used after every epoch.
 */
public final class Evaluator implements AutoCloseable {
  private final DeviceDataset data;
  private final Sweep classes;

  /**
   * @param data stays the caller's, who closes it after this
   */
  public Evaluator(Parameters parameters, Layer model, DeviceDataset data) {
    this.data = data;
    classes = new Sweep(parameters, model, output -> output.argmax(-1), DType.I32, 1, data);
  }

  /** The class predicted for each example, in the data set's order. */
  public int[] predictions() {
    int[] predicted = new int[data.host().size()];
    classes.run(MemorySegment.ofArray(predicted));
    return predicted;
  }

  /** The share of examples classified right, 0 to 1. */
  public double accuracy() {
    int[] predicted = predictions();
    int[] labels = data.host().labels();
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += predicted[i] == labels[i] ? 1 : 0;
    }
    return correct / (double) labels.length;
  }

  @Override
  public void close() {
    classes.close();
  }
}
