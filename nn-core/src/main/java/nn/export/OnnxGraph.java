package nn.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph of ONNX operators under construction. The numbers of fields and types are those of
 * onnx.proto, IR version 8.
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;

  private final Protobuf graph = new Protobuf();
  private final Map<Float, String> scalars = new HashMap<>();
  private int values;

  /** An operator's attribute; see {@link #real}, {@link #integer} and {@link #integers}. */
  record Attribute(Protobuf message) {}

  static Attribute real(String name, double value) {
    return new Attribute(
        new Protobuf().text(1, name).real32(2, (float) value).integer(20, ATTRIBUTE_FLOAT));
  }

  static Attribute integer(String name, long value) {
    return new Attribute(new Protobuf().text(1, name).integer(3, value).integer(20, ATTRIBUTE_INT));
  }

  static Attribute integers(String name, long... values) {
    Protobuf attribute = new Protobuf().text(1, name);
    for (long value : values) {
      attribute.integer(8, value);
    }
    return new Attribute(attribute.integer(20, ATTRIBUTE_INTS));
  }

  /**
   * Adds an operator.
   *
   * @param inputs names of values
   * @return the name of its output
   */
  String node(String operator, List<String> inputs, Attribute... attributes) {
    String output = "v" + values++;
    node(operator, inputs, output, attributes);
    return output;
  }

  /** Adds an operator whose output has a name. */
  void node(String operator, List<String> inputs, String output, Attribute... attributes) {
    Protobuf node = new Protobuf();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, operator + "_" + output).text(4, operator);
    for (Attribute attribute : attributes) {
      node.message(5, attribute.message());
    }
    graph.message(1, node);
  }

  /** Adds an array of floats; returns its name. */
  String array(String name, double[] data, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : data) {
      bytes.putFloat((float) value);
    }
    return tensor(name, FLOAT, bytes.array(), shape);
  }

  /** Adds a list of integers; returns its name. */
  String indices(long... data) {
    byte[] bytes = new byte[8 * data.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(data);
    return tensor("c" + values++, INT64, bytes, data.length);
  }

  /** A single number; equal ones share a name. */
  String scalar(double value) {
    return scalars.computeIfAbsent(
        (float) value, number -> array("c" + values++, new double[] {number}));
  }

  private String tensor(String name, int type, byte[] bytes, int... shape) {
    Protobuf tensor = new Protobuf();
    for (int dim : shape) {
      tensor.integer(1, dim);
    }
    graph.message(5, tensor.integer(2, type).text(8, name).bytes(9, bytes));
    return name;
  }

  /** Declares the graph's input, [batch, columns] floats. */
  void input(String name, int columns) {
    graph.message(11, matrix(name, columns));
  }

  /** Declares the graph's output, [batch, columns] floats. */
  void output(String name, int columns) {
    graph.message(12, matrix(name, columns));
  }

  private static Protobuf matrix(String name, int columns) {
    Protobuf shape =
        new Protobuf()
            .message(1, new Protobuf().text(2, "batch"))
            .message(1, new Protobuf().integer(1, columns));
    Protobuf tensor = new Protobuf().integer(1, FLOAT).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  /** The finished graph, a GraphProto. */
  Protobuf finish(String name) {
    return graph.text(2, name);
  }
}
