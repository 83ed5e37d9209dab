package nn.bench;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import nn.layer.Activations;
import nn.loss.Losses;
import nn.optim.Adam;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * A pass over memory that every training makes.
 *
 * @param label what a user calls it
 * @param bytesPerElement that one pass has to read and write
 * @param memoryPerElement bytes of the arrays: less than are moved where some are read and written
 * @param flopsPerElement the arithmetic operations of its plan, an exponential counted as one
 * @param sizes the numbers of elements to measure with
 * @param factory makes new arrays on a backend, and the pass over them
 */
record ElementwiseKernel(
    String label,
    int bytesPerElement,
    int memoryPerElement,
    int flopsPerElement,
    List<Integer> sizes,
    Factory factory) {

  /** Makes a pass that is given to whatever is to run or record it. */
  @FunctionalInterface
  interface Factory {
    Consumer<Backend> on(Backend backend, int elements);
  }

  private static final int WIDTH = 1024;
  private static final int IN_CACHE = 64 * WIDTH; // of a second level
  private static final int SOFTMAX = 512 * WIDTH;
  private static final int PARAMETERS = 1 << 21;
  private static final int LARGE = 16 << 20;

  /** One float in, one out: what the memory can do. */
  static final ElementwiseKernel COPY =
      new ElementwiseKernel(
          "copy", 8, 8, 0, List.of(IN_CACHE, SOFTMAX, LARGE), ElementwiseKernel::copy);

  static final List<ElementwiseKernel> ALL =
      List.of(
          COPY,
          // Parameter, gradient and two states in; parameter and states out.
          new ElementwiseKernel(
              "adam", 28, 16, 18, List.of(IN_CACHE / 4, PARAMETERS), ElementwiseKernel::adam),
          new ElementwiseKernel(
              "bias-gelu",
              8,
              8,
              10,
              List.of(IN_CACHE, SOFTMAX, LARGE),
              ElementwiseKernel::biasGelu),
          // Logits in, their gradient out.
          new ElementwiseKernel(
              "softmax-cross-entropy",
              8,
              8,
              12,
              List.of(IN_CACHE, SOFTMAX, LARGE),
              ElementwiseKernel::softmaxCrossEntropy));

  /**
   * The kernel of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static ElementwiseKernel named(String name) {
    String names = ALL.stream().map(ElementwiseKernel::label).collect(Collectors.joining(", "));
    return ALL.stream()
        .filter(kernel -> kernel.label.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no kernel is called \"" + name + "\"; there are: " + names));
  }

  /** The bytes of memory that one pass goes over. */
  double memory(int elements) {
    return (double) memoryPerElement * elements;
  }

  /** The bytes that one pass has to read and write. */
  double bytes(int elements) {
    return (double) bytesPerElement * elements;
  }

  private static Consumer<Backend> copy(Backend backend, int elements) {
    Operand from = Workbench.uniform(backend, Shape.of(elements), 1);
    Operand to = Workbench.zeros(backend, DType.F32, Shape.of(elements));
    return on -> on.elementwise(Elementwise.of(Expr.input(0), to, from));
  }

  private static Consumer<Backend> adam(Backend backend, int elements) {
    Shape shape = Shape.of(elements);
    Adam adam = new Adam();
    Operand w = Workbench.uniform(backend, shape, 1);
    Operand g = Workbench.uniform(backend, shape, 2);
    Operand m = Workbench.zeros(backend, DType.F32, shape);
    Operand v = Workbench.zeros(backend, DType.F32, shape);
    float number = (float) adam.scalars(adam.defaultLearningRate(), 1)[0];
    Operand rate = Workbench.filled(backend, Shape.of(1), number).broadcastTo(shape);
    Program update =
        Program.of(
            adam.update(
                Expr.input(0),
                Expr.input(1),
                List.of(Expr.input(2)),
                List.of(Expr.input(3), Expr.input(4)),
                true));
    Elementwise pass = new Elementwise(shape, update, List.of(w, g, rate, m, v), List.of(w, m, v));
    return on -> on.elementwise(pass);
  }

  private static Consumer<Backend> biasGelu(Backend backend, int elements) {
    Shape shape = Shape.of(elements / WIDTH, WIDTH);
    Operand x = Workbench.uniform(backend, shape, 1);
    Operand bias = Workbench.uniform(backend, Shape.of(WIDTH), 2);
    Operand out = Workbench.zeros(backend, DType.F32, shape);
    return inScope(
        backend,
        scope -> {
          Tensor sum = scope.constant(x).add(scope.constant(bias));
          scope.copyInto(sum.map(Activations::gelu), out);
        });
  }

  private static Consumer<Backend> softmaxCrossEntropy(Backend backend, int elements) {
    Shape shape = Shape.of(elements / WIDTH, WIDTH);
    Operand x = Workbench.uniform(backend, shape, 1);
    Operand labels = Workbench.labels(backend, shape.dim(0), WIDTH, 2);
    Operand gradient = Workbench.zeros(backend, DType.F32, shape);
    Operand loss = Workbench.zeros(backend, DType.F32, Shape.of(1));
    return inScope(
        backend,
        scope -> {
          Tensor logits = scope.variable(x, gradient);
          Tensor value = Losses.softmaxCrossEntropy(logits, scope.constant(labels));
          scope.backward(value);
          scope.copyInto(value.reshape(1), loss);
        });
  }

  private static Consumer<Backend> inScope(Backend backend, Consumer<Scope> body) {
    Parameters none = Parameters.none(backend, DType.F32);
    return on -> {
      try (Scope scope = new Scope(on, none, Mode.TRAIN)) {
        body.accept(scope);
      }
    };
  }
}
