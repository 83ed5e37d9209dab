package nn.examples.experiment;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Backend;
import nn.data.Dataset;
import nn.layer.Layer;
import nn.tensor.Parameters;
import nn.train.DeviceDataset;
import nn.train.EpochResult;
import nn.train.Evaluator;
import nn.train.Listener;

/**
 * The accuracy on a data set after each epoch, with the network as it is used: nothing dropped out,
 * running statistics in place of a batch's.
 */
final class Accuracies implements Listener, AutoCloseable {
  private final DeviceDataset data;
  private final Evaluator evaluator;
  private final List<Double> byEpoch = new ArrayList<>();

  Accuracies(Backend backend, Parameters parameters, Layer net, Dataset host) {
    data = new DeviceDataset(backend, host);
    evaluator = new Evaluator(parameters, net, data);
  }

  @Override
  public boolean onEpochEnd(EpochResult result) {
    byEpoch.add(evaluator.accuracy());
    return true;
  }

  /** Measures the epochs that a training did not come to, because it broke off. */
  void fillUpTo(int epochs) {
    while (byEpoch.size() < epochs) {
      byEpoch.add(evaluator.accuracy());
    }
  }

  List<Double> byEpoch() {
    return byEpoch;
  }

  @Override
  public void close() {
    evaluator.close();
    data.close();
  }
}
