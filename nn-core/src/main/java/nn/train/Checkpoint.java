package nn.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import nn.data.DataException;
import nn.data.NamedArray;
import nn.data.SafeTensors;
import nn.layer.Layer;
import nn.tensor.Parameter;
import nn.tensor.Parameters;

/**
 * A training as a safetensors file: the model's parameters under the names of a model file, the
 * optimizer's state as {@code optimizer/0/NAME}, the losses and epochs so far, and in the metadata
 * where it stands. The file is replaced as a whole, so a crash leaves the former one or this one.
 */
final class Checkpoint {
  private static final String OPTIMIZER = "optimizer/";
  private static final String HISTORY = "history/";
  private static final String LOSSES = HISTORY + "losses";
  private static final String EPOCHS = HISTORY + "epochs";
  private static final String TRAINING = "training.";
  private static final int EPOCH_COLUMNS = 6;

  private final Layer model;
  private final Parameters parameters;
  private final ParameterUpdate update;
  private final Map<String, String> setup;

  /**
   * @param setup what a training must share with a checkpoint in order to go on from it
   */
  Checkpoint(
      Layer model, Parameters parameters, ParameterUpdate update, Map<String, String> setup) {
    this.model = model;
    this.parameters = parameters;
    this.update = update;
    this.setup = setup;
  }

  /** Whether an array of that name belongs to a training rather than a model. */
  static boolean isOfTraining(String name) {
    return name.startsWith(OPTIMIZER) || name.startsWith(HISTORY);
  }

  /**
   * Writes the file.
   *
   * @param metadata of the user's
   */
  void write(Path file, TrainingLog log, Map<String, String> metadata) {
    List<NamedArray> arrays = new ArrayList<>(ModelFile.arrays(model, parameters));
    for (int i = 0; i < update.states(); i++) {
      for (Map.Entry<String, Parameter> entry : trained().entrySet()) {
        Parameter parameter = entry.getValue();
        arrays.add(
            NamedArray.of(
                stateName(i, entry.getKey()),
                update.readState(i, parameter),
                parameter.shape().dims()));
      }
    }
    float[] losses = new float[log.losses().size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = log.losses().get(i);
    }
    arrays.add(NamedArray.of(LOSSES, losses, losses.length));
    arrays.add(epochs(log.epochs()));
    try {
      SafeTensors.write(file, metadata(log, metadata), arrays);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the checkpoint " + file, e);
    }
  }

  private Map<String, Parameter> trained() {
    Map<String, Parameter> trained = new TreeMap<>(model.named());
    trained.values().removeIf(parameter -> parameter.kind() == Parameter.Kind.STATE);
    return trained;
  }

  private static String stateName(int state, String name) {
    return OPTIMIZER + state + "/" + name;
  }

  private static NamedArray epochs(List<EpochResult> epochs) {
    double[] values =
        epochs.stream()
            .flatMapToDouble(e ->
                DoubleStream.of(
                    e.epoch(),
                    e.trainLoss(),
                    e.trainAccuracy(),
                    e.testAccuracy(),
                    e.seconds(),
                    e.samplesPerSecond()))
            .toArray();
    return NamedArray.of(EPOCHS, values, epochs.size(), EPOCH_COLUMNS);
  }

  private Map<String, String> metadata(TrainingLog log, Map<String, String> users) {
    Map<String, String> metadata = new HashMap<>(users);
    setup.forEach((key, value) -> metadata.put(TRAINING + key, value));
    metadata.put(TRAINING + "firstEpoch", String.valueOf(log.firstEpoch()));
    metadata.put(TRAINING + "firstStep", String.valueOf(log.firstStep()));
    metadata.put(TRAINING + "step", String.valueOf(log.step()));
    metadata.put(TRAINING + "correct", String.valueOf(log.correct()));
    metadata.put(TRAINING + "seconds", String.valueOf(log.seconds()));
    return metadata;
  }

  /**
   * Sets parameters and state from a file.
   *
   * @return where that training stands
   * @throws DataException if the file is damaged, no checkpoint, or one of another training
   */
  TrainingLog read(Path file) throws DataException {
    SafeTensors saved = SafeTensors.read(file);
    for (Map.Entry<String, String> entry : new TreeMap<>(setup).entrySet()) {
      String found = text(file, saved, entry.getKey());
      if (!found.equals(entry.getValue())) {
        throw new DataException(
            "%s is a checkpoint of another training: its %s is %s, here it is %s"
                .formatted(file, entry.getKey(), found, entry.getValue()));
      }
    }
    TrainingLog log = log(file, saved);
    Map<Parameter, List<float[]>> states = states(file, saved);
    ModelFile.load(file, saved, model, parameters);
    states.forEach((parameter, values) -> {
      for (int i = 0; i < values.size(); i++) {
        update.writeState(i, parameter, values.get(i));
      }
    });
    return log;
  }

  private Map<Parameter, List<float[]>> states(Path file, SafeTensors saved) throws DataException {
    Map<Parameter, List<float[]>> states = new HashMap<>();
    for (Map.Entry<String, Parameter> entry : trained().entrySet()) {
      List<float[]> values = new ArrayList<>();
      for (int i = 0; i < update.states(); i++) {
        String name = stateName(i, entry.getKey());
        float[] array = array(file, saved, name, NamedArray.Type.F32).toFloats();
        if (array.length != entry.getValue().shape().size()) {
          throw new DataException(
              "%s: %s has %d values for a parameter of shape %s; was it saved from another model?"
                  .formatted(file, name, array.length, entry.getValue().shape()));
        }
        values.add(array);
      }
      states.put(entry.getValue(), values);
    }
    return states;
  }

  private static TrainingLog log(Path file, SafeTensors saved) throws DataException {
    List<Float> losses = new ArrayList<>();
    for (float loss : array(file, saved, LOSSES, NamedArray.Type.F32).toFloats()) {
      losses.add(loss);
    }
    double[] v = array(file, saved, EPOCHS, NamedArray.Type.F64).toDoubles();
    List<EpochResult> epochs = new ArrayList<>();
    for (int i = 0; i + EPOCH_COLUMNS <= v.length; i += EPOCH_COLUMNS) {
      epochs.add(new EpochResult((int) v[i], v[i + 1], v[i + 2], v[i + 3], v[i + 4], v[i + 5]));
    }
    try {
      int step = Integer.parseInt(text(file, saved, "step"));
      if (step < 0 || step > losses.size()) {
        throw new DataException(file + ": step " + step + " of " + losses.size() + " losses");
      }
      return new TrainingLog(
          Integer.parseInt(text(file, saved, "firstEpoch")),
          Integer.parseInt(text(file, saved, "firstStep")),
          epochs,
          losses,
          step,
          Double.parseDouble(text(file, saved, "correct")),
          Double.parseDouble(text(file, saved, "seconds")));
    } catch (NumberFormatException e) {
      throw new DataException(file + ": its metadata are damaged: " + e.getMessage(), e);
    }
  }

  private static NamedArray array(Path file, SafeTensors saved, String name, NamedArray.Type type)
      throws DataException {
    for (NamedArray array : saved.arrays()) {
      if (array.name().equals(name) && array.type() == type) {
        return array;
      }
    }
    throw new DataException(
        "%s: is no checkpoint of this training: it holds no %s called %s"
            .formatted(file, type, name));
  }

  private static String text(Path file, SafeTensors saved, String key) throws DataException {
    String value = saved.metadata().get(TRAINING + key);
    if (value == null) {
      throw new DataException(
          "%s: is no checkpoint: its metadata have no %s%s; a model alone cannot be trained further"
              .formatted(file, TRAINING, key));
    }
    return value;
  }
}
