package nn.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import nn.backend.DType;
import nn.data.DataException;
import nn.data.NamedArray;
import nn.data.SafeTensors;
import nn.layer.Layer;
import nn.tensor.Parameter;
import nn.tensor.Parameters;

/** A model's parameters as a safetensors file, under the names of {@link Layer#named}. */
public final class ModelFile {
  private ModelFile() {}

  /**
   * Writes trained parameters and state; the file is replaced as a whole or not at all.
   *
   * @param metadata kept in the file's header, such as the configuration
   * @throws IOException if the file cannot be written
   */
  public static void save(
      Path file, Layer model, Parameters parameters, Map<String, String> metadata)
      throws IOException {
    SafeTensors.write(file, metadata, arrays(model, parameters));
  }

  /** A model's parameters and state under their names. */
  static List<NamedArray> arrays(Layer model, Parameters parameters) {
    return model.named().entrySet().stream()
        .map(entry -> array(entry.getKey(), entry.getValue(), parameters))
        .toList();
  }

  private static NamedArray array(String name, Parameter parameter, Parameters parameters) {
    double[] values = parameters.read(parameter);
    int[] shape = parameter.shape().dims();
    if (parameters.type() == DType.F64) {
      return NamedArray.of(name, values, shape);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return NamedArray.of(name, floats, shape);
  }

  /**
   * Sets a model's parameters from a file. Nothing is changed unless all of them fit.
   *
   * @return the file's metadata
   * @throws DataException if the file is damaged, or holds other names or shapes than the model
   */
  public static Map<String, String> load(Path file, Layer model, Parameters parameters)
      throws DataException {
    SafeTensors saved = SafeTensors.read(file);
    load(file, saved, model, parameters);
    return saved.metadata();
  }

  /** Sets a model's parameters from what was read from a file, of which messages speak. */
  static void load(Path file, SafeTensors saved, Layer model, Parameters parameters)
      throws DataException {
    Map<String, Parameter> named = model.named();
    for (Map.Entry<String, Parameter> entry : named.entrySet()) {
      checkShape(file, array(file, saved, entry), entry.getValue());
    }
    checkNoOthers(file, saved, named);
    for (Map.Entry<String, Parameter> entry : named.entrySet()) {
      parameters.write(entry.getValue(), saved.array(entry.getKey()).toDoubles());
    }
  }

  private static NamedArray array(
      Path file, SafeTensors saved, Map.Entry<String, Parameter> expected) throws DataException {
    try {
      return saved.array(expected.getKey());
    } catch (DataException e) {
      throw new DataException(
          "%s: %s; the model needs it with shape %s"
              .formatted(file, e.getMessage(), expected.getValue().shape()),
          e);
    }
  }

  private static void checkShape(Path file, NamedArray array, Parameter parameter)
      throws DataException {
    List<Integer> expected = Arrays.stream(parameter.shape().dims()).boxed().toList();
    if (!array.shape().equals(expected)) {
      boolean transposed = array.shape().equals(expected.reversed());
      throw new DataException(
          "%s: %s has shape %s, but the model's has %s; %s"
              .formatted(
                  file,
                  array.name(),
                  array.shape(),
                  expected,
                  transposed
                      ? "PyTorch keeps a linear layer's weight as [outputs, inputs]: transpose it"
                          + " when saving"
                      : "was it saved from another model?"));
    }
    switch (array.type()) {
      case F64, F32, BF16 -> {}
      default ->
          throw new DataException(
              "%s: %s holds %s; parameters are F32, F64 or BF16"
                  .formatted(file, array.name(), array.type()));
    }
  }

  private static void checkNoOthers(Path file, SafeTensors saved, Map<String, Parameter> named)
      throws DataException {
    TreeSet<String> others = new TreeSet<>();
    saved.arrays().stream()
        .map(NamedArray::name)
        .filter(name -> !Checkpoint.isOfTraining(name))
        .forEach(others::add);
    others.removeAll(named.keySet());
    if (!others.isEmpty()) {
      throw new DataException(file + ": the model has no parameters called " + others);
    }
  }
}
