package nn.train;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.data.DataException;
import nn.data.Dataset;
import nn.data.SafeTensors;
import nn.layer.Layer;
import nn.layer.Softmax;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/** A trained classifier of images, ready to classify. */
public final class Predictor implements AutoCloseable {
  private final ModelInfo info;
  private final Map<String, String> metadata;
  private final Parameters parameters;
  private final boolean owner;

  /** A classifier over parameters that stay the caller's. */
  public Predictor(ModelInfo info, Parameters parameters) {
    this(info, Map.of(), parameters, false);
  }

  private Predictor(
      ModelInfo info, Map<String, String> metadata, Parameters parameters, boolean owner) {
    this.info = info;
    this.metadata = metadata;
    this.parameters = parameters;
    this.owner = owner;
  }

  /**
   * Opens a model or a checkpoint that nn has written.
   *
   * @throws DataException if the file is damaged or describes no model
   */
  public static Predictor open(Backend backend, Path file) throws DataException {
    return open(backend, file, Map.of());
  }

  /**
   * Opens any safetensors file whose arrays are called and shaped as the model's are.
   *
   * @param description goes before the file's own metadata: {@link ModelInfo#metadata} of a file
   *     that has none
   * @throws DataException if the file is damaged, or does not fit the model
   */
  public static Predictor open(Backend backend, Path file, Map<String, String> description)
      throws DataException {
    SafeTensors saved = SafeTensors.read(file);
    Map<String, String> metadata = new HashMap<>(saved.metadata());
    metadata.putAll(description);
    ModelInfo info;
    try {
      info = ModelInfo.from(metadata);
    } catch (DataException e) {
      throw new DataException(file + ": " + e.getMessage(), e);
    }
    Layer model = info.model();
    Parameters parameters = new Parameters(backend, DType.F32, model.parameters(), 0);
    try {
      ModelFile.load(file, saved, model, parameters);
      checkFits(file, info, parameters);
    } catch (DataException | RuntimeException e) {
      parameters.close();
      throw e;
    }
    return new Predictor(info, Map.copyOf(metadata), parameters, true);
  }

  /** One image through the model shows whether its layers, the images and the classes agree. */
  private static void checkFits(Path file, ModelInfo info, Parameters parameters)
      throws DataException {
    int width;
    try (Scope scope = new Scope(parameters.backend(), parameters, Mode.EVALUATE)) {
      Tensor image = scope.fill(Shape.of(1, info.features()), 0);
      width = info.model().forward(image, scope).shape().size();
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": its layers do not fit: " + e.getMessage(), e);
    }
    if (width != info.classes().size()) {
      throw new DataException(
          "%s: the model tells %d classes apart, but %d have names: %s"
              .formatted(file, width, info.classes().size(), info.classes()));
    }
  }

  public ModelInfo info() {
    return info;
  }

  /** What the file says of itself. */
  public Map<String, String> metadata() {
    return metadata;
  }

  public Parameters parameters() {
    return parameters;
  }

  /**
   * How probable each class is for each image.
   *
   * @param images of the size that {@link #info} names; labels are ignored
   * @return [size, classes] in row order; each row sums to 1
   * @throws IllegalArgumentException if the images are of another size
   */
  public float[] probabilities(Dataset images) {
    requireSize(images);
    int classes = info.classes().size();
    float[] values = new float[Math.multiplyExact(images.size(), classes)];
    if (values.length > 0) {
      try (DeviceDataset data = new DeviceDataset(parameters.backend(), images);
          Sweep sweep = sweep(data, classes)) {
        sweep.run(MemorySegment.ofArray(values));
      }
    }
    return values;
  }

  /**
   * The class that each image is taken for.
   *
   * @param images as in {@link #probabilities}
   */
  public int[] classes(Dataset images) {
    requireSize(images);
    if (images.size() == 0) {
      return new int[0];
    }
    try (DeviceDataset data = new DeviceDataset(parameters.backend(), images);
        Evaluator evaluator = new Evaluator(parameters, info.model(), data)) {
      return evaluator.predictions();
    }
  }

  private Sweep sweep(DeviceDataset data, int classes) {
    Softmax softmax = new Softmax();
    return new Sweep(
        parameters,
        info.model(),
        logits -> softmax.forward(logits, logits.scope()),
        DType.F32,
        classes,
        data);
  }

  private void requireSize(Dataset images) {
    List<Integer> expected = List.of(info.rows(), info.cols(), info.channels());
    List<Integer> found = List.of(images.rows(), images.cols(), images.channels());
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "the model takes images of %s, not %s".formatted(expected, found));
    }
  }

  /** Frees the parameters if they came from a file. */
  @Override
  public void close() {
    if (owner) {
      parameters.close();
    }
  }
}
