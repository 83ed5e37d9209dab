package nn.export;

import static nn.export.OnnxGraph.integer;
import static nn.export.OnnxGraph.real;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.layer.Activation;
import nn.layer.AvgPool2d;
import nn.layer.BatchNorm;
import nn.layer.Conv2d;
import nn.layer.Dropout;
import nn.layer.Flatten;
import nn.layer.Layer;
import nn.layer.LayerNorm;
import nn.layer.Linear;
import nn.layer.LogSoftmax;
import nn.layer.MaxPool2d;
import nn.layer.Reshape;
import nn.layer.Sequential;
import nn.layer.Softmax;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.tensor.Window;

/**
 * Turns layers into ONNX operators of opset 17. An example runs through the layers alongside, so
 * each knows the shape of what it gets.
 */
final class OnnxLayers {
  private final OnnxGraph graph;
  private final Parameters parameters;
  private final Scope scope;
  private final Map<Parameter, String> names;

  /**
   * @param scope for evaluation, with the model's parameters
   */
  OnnxLayers(OnnxGraph graph, Layer model, Parameters parameters, Scope scope) {
    this.graph = graph;
    this.parameters = parameters;
    this.scope = scope;
    names =
        model.named().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
  }

  /**
   * What lies between two layers.
   *
   * @param name in the graph
   * @param example one example of it
   */
  record Value(String name, Tensor example) {}

  /**
   * Adds a layer.
   *
   * @throws IllegalArgumentException if it is one of the user's own
   */
  Value add(Layer layer, Value in) {
    if (layer instanceof Sequential(List<Layer> layers)) {
      Value value = in;
      for (Layer part : layers) {
        value = add(part, value);
      }
      return value;
    }
    return new Value(operators(layer, in), layer.forward(in.example(), scope));
  }

  private String operators(Layer layer, Value in) {
    List<String> input = List.of(in.name());
    return switch (layer) {
      case Linear linear ->
          graph.node("Gemm", List.of(in.name(), array(linear.weight()), array(linear.bias())));
      case Conv2d conv -> convolution(conv, in);
      case MaxPool2d(Window window) -> new OnnxImages(graph).maxPool(in.name(), window);
      case AvgPool2d(Window window) -> new OnnxImages(graph).averagePool(in.name(), window);
      case Activation activation ->
          OnnxFunction.add(graph, activation.function().apply(Expr.input(0)), in.name());
      case BatchNorm norm -> batchNorm(norm, in);
      case LayerNorm norm -> {
        List<Parameter> p = norm.parameters();
        yield graph.node(
            "LayerNormalization",
            List.of(in.name(), array(p.get(0)), array(p.get(1))),
            integer("axis", -1),
            real("epsilon", norm.epsilon()));
      }
      case Dropout dropout -> in.name();
      case Softmax softmax -> graph.node("Softmax", input, integer("axis", -1));
      case LogSoftmax logSoftmax -> graph.node("LogSoftmax", input, integer("axis", -1));
      case Flatten flatten -> graph.node("Flatten", input, integer("axis", 1));
      case Reshape(Shape example) -> {
        LongStream dims = IntStream.of(example.dims()).asLongStream();
        long[] batchAndDims = LongStream.concat(LongStream.of(-1), dims).toArray();
        yield graph.node("Reshape", List.of(in.name(), graph.indices(batchAndDims)));
      }
      default ->
          throw new IllegalArgumentException(
              layer.getClass().getName() + " has no ONNX operators that are known here");
    };
  }

  private String convolution(Conv2d conv, Value in) {
    Shape shape = conv.weight().shape();
    String weights =
        graph.array(
            name(conv.weight()),
            OnnxImages.weights(parameters.read(conv.weight()), shape),
            shape.dim(3),
            shape.dim(2),
            shape.dim(0),
            shape.dim(1));
    return new OnnxImages(graph).convolution(in.name(), conv.window(), weights, array(conv.bias()));
  }

  /** ONNX normalizes axis 1; with more than two axes the last, ours, takes plain arithmetic. */
  private String batchNorm(BatchNorm norm, Value in) {
    List<Parameter> p = norm.parameters();
    if (in.example().shape().rank() == 2) {
      return graph.node(
          "BatchNormalization",
          List.of(in.name(), array(p.get(0)), array(p.get(1)), array(p.get(2)), array(p.get(3))),
          real("epsilon", norm.epsilon()));
    }
    double[] scale = parameters.read(p.get(0));
    double[] variance = parameters.read(p.get(3));
    for (int i = 0; i < scale.length; i++) {
      scale[i] /= Math.sqrt(variance[i] + norm.epsilon());
    }
    String factor = graph.array(name(p.get(0)) + "/scale", scale, scale.length);
    String centered = graph.node("Sub", List.of(in.name(), array(p.get(2))));
    return graph.node(
        "Add", List.of(graph.node("Mul", List.of(centered, factor)), array(p.get(1))));
  }

  private String array(Parameter parameter) {
    return graph.array(name(parameter), parameters.read(parameter), parameter.shape().dims());
  }

  private String name(Parameter parameter) {
    return names.getOrDefault(parameter, parameter.name());
  }
}
