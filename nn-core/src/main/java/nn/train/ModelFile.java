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
    List<NamedArray> arrays =
        model.named().entrySet().stream()
            .map(entry -> array(entry.getKey(), entry.getValue(), parameters))
            .toList();
    SafeTensors.write(file, metadata, arrays);
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
    Map<String, Parameter> named = model.named();
    for (Map.Entry<String, Parameter> entry : named.entrySet()) {
      checkShape(file, saved.array(entry.getKey()), entry.getValue());
    }
    checkNoOthers(file, saved, named);
    for (Map.Entry<String, Parameter> entry : named.entrySet()) {
      parameters.write(entry.getValue(), saved.array(entry.getKey()).toDoubles());
    }
    return saved.metadata();
  }

  private static void checkShape(Path file, NamedArray array, Parameter parameter)
      throws DataException {
    List<Integer> expected = Arrays.stream(parameter.shape().dims()).boxed().toList();
    if (!array.shape().equals(expected)) {
      throw new DataException(
          "%s: %s has shape %s, but the model's has %s; was it saved from another model?"
              .formatted(file, array.name(), array.shape(), expected));
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
    saved.arrays().forEach(array -> others.add(array.name()));
    others.removeAll(named.keySet());
    if (!others.isEmpty()) {
      throw new DataException(file + ": the model has no parameters called " + others);
    }
  }
}
