package nn.export;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Shape;
import nn.export.OnnxGraph.Attribute;
import nn.tensor.Window;

/**
 * Operators on images. Ours are [n, height, width, channels], those of ONNX [n, channels, height,
 * width]: so each operator stands between two transpositions, and a runtime drops those that cancel
 * out.
 */
final class OnnxImages {
  private final OnnxGraph graph;

  OnnxImages(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Adds a convolution.
   *
   * @param weights the name of an array as {@link #weights} orders it
   * @return the name of its output
   */
  String convolution(String images, Window window, String weights, String bias) {
    return operator("Conv", images, List.of(weights, bias), attributes(window));
  }

  /** Adds a pooling by the maximum. */
  String maxPool(String images, Window window) {
    return operator("MaxPool", images, List.of(), pooling(window));
  }

  /** Adds a pooling by the mean; zeros of the padding count. */
  String averagePool(String images, Window window) {
    List<Attribute> attributes = pooling(window);
    attributes.add(OnnxGraph.integer("count_include_pad", 1));
    return operator("AveragePool", images, List.of(), attributes);
  }

  /**
   * A convolution's weights in ONNX's order.
   *
   * @param values of shape [height, width, inputs, outputs]
   * @return of shape [outputs, inputs, height, width]
   */
  static double[] weights(double[] values, Shape shape) {
    int taps = shape.dim(0) * shape.dim(1);
    int inputs = shape.dim(2);
    int outputs = shape.dim(3);
    double[] ordered = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int output = i % outputs;
      int input = i / outputs % inputs;
      int tap = i / outputs / inputs;
      ordered[(output * inputs + input) * taps + tap] = values[i];
    }
    return ordered;
  }

  private String operator(
      String name, String images, List<String> arrays, List<Attribute> attributes) {
    List<String> inputs = new ArrayList<>();
    inputs.add(transpose(images, 0, 3, 1, 2));
    inputs.addAll(arrays);
    String result = graph.node(name, inputs, attributes.toArray(Attribute[]::new));
    return transpose(result, 0, 2, 3, 1);
  }

  private String transpose(String value, long... axes) {
    return graph.node("Transpose", List.of(value), OnnxGraph.integers("perm", axes));
  }

  /** Runtimes take no pooling with a window that may lie in the padding alone. */
  private static List<Attribute> pooling(Window window) {
    if (window.paddingHeight() >= window.height() || window.paddingWidth() >= window.width()) {
      throw new IllegalArgumentException(
          "a pooling that is padded by as much as its window has no ONNX operator: " + window);
    }
    return attributes(window);
  }

  private static List<Attribute> attributes(Window window) {
    long down = window.paddingHeight();
    long across = window.paddingWidth();
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(OnnxGraph.integers("kernel_shape", window.height(), window.width()));
    attributes.add(OnnxGraph.integers("strides", window.strideHeight(), window.strideWidth()));
    attributes.add(OnnxGraph.integers("pads", down, across, down, across));
    return attributes;
  }
}
