package nn.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nn.backend.Shape;
import nn.data.AtomicFile;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.train.ModelInfo;

/**
 * A trained model as an ONNX file (opset 17), for the inference engines of other languages and
 * devices. Its input is called {@code pixels}, floats [batch, rows * cols * channels] from 0 to 1;
 * its output {@code logits}, floats [batch, classes].
 */
public final class Onnx {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final String INPUT = "pixels";
  private static final String OUTPUT = "logits";

  private Onnx() {}

  /**
   * Writes a model; the file is replaced as a whole or not at all.
   *
   * @param metadata kept in the file, such as what {@link ModelInfo#metadata} gives
   * @throws IllegalArgumentException if the model has layers of the user's own
   */
  public static void write(
      Path file, ModelInfo info, Parameters parameters, Map<String, String> metadata)
      throws IOException {
    Protobuf model =
        new Protobuf()
            .integer(1, IR_VERSION)
            .text(2, "nn")
            .message(7, graph(info, parameters))
            .message(8, new Protobuf().text(1, "").integer(2, OPSET));
    new TreeMap<>(metadata)
        .forEach((key, value) -> model.message(14, new Protobuf().text(1, key).text(2, value)));
    byte[] bytes = model.toBytes();
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private static Protobuf graph(ModelInfo info, Parameters parameters) {
    OnnxGraph graph = new OnnxGraph();
    graph.input(INPUT, info.features());
    try (Scope scope = new Scope(parameters.backend(), parameters, Mode.EVALUATE)) {
      OnnxLayers.Value pixels =
          new OnnxLayers.Value(INPUT, scope.fill(Shape.of(1, info.features()), 0));
      OnnxLayers layers = new OnnxLayers(graph, info.model(), parameters, scope);
      graph.node("Identity", List.of(layers.add(info.model(), pixels).name()), OUTPUT);
    }
    graph.output(OUTPUT, info.classes().size());
    return graph.finish("model");
  }
}
