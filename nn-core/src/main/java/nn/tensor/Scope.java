package nn.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass, and perhaps its backward pass: where tensors are made. Closing it frees every
 * tensor made in it; parameters stay.
 *
 * <pre>{@code
 * try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
 *   Tensor loss = Losses.softmaxCrossEntropy(model.forward(x, scope), labels);
 *   scope.backward(loss);
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
  private final Backend backend;
  private final Parameters parameters;
  private final Mode mode;
  private final Tape tape = new Tape();
  private final List<Buffer> temporaries = new ArrayList<>();
  private final Map<Parameter, Tensor> leaves = new IdentityHashMap<>();
  private @Nullable Operand seed;
  private int streams;
  private boolean recording;

  /**
   * @param backend where to compute; a plan's recorder, or the backend that holds the parameters
   * @param parameters the values of the parameters that layers will ask for
   */
  public Scope(Backend backend, Parameters parameters, Mode mode) {
    this.backend = backend;
    this.parameters = parameters;
    this.mode = mode;
    this.recording = mode == Mode.TRAIN;
  }

  public Mode mode() {
    return mode;
  }

  public boolean isTraining() {
    return mode == Mode.TRAIN;
  }

  // Leaves

  /** Values that exist already, as a constant. */
  public Tensor constant(Operand operand) {
    return new Tensor(this, operand, false);
  }

  /** Values from the host, as a constant; not inside a recording. */
  public Tensor constant(Shape shape, double... values) {
    requireCount(shape, values.length);
    Tensor tensor = allocate(shape, parameters.type());
    backend.write(tensor.operand().buffer(), 0, HostArrays.of(parameters.type(), values));
    return tensor;
  }

  /** Integers from the host, I32, such as labels; not inside a recording. */
  public Tensor integers(Shape shape, int... values) {
    requireCount(shape, values.length);
    Tensor tensor = allocate(shape, DType.I32);
    backend.write(tensor.operand().buffer(), 0, MemorySegment.ofArray(values));
    return tensor;
  }

  private static void requireCount(Shape shape, int count) {
    if (count != shape.size()) {
      throw new IllegalArgumentException(count + " values for a tensor of shape " + shape);
    }
  }

  /** A parameter's values; its gradient goes to the parameters' storage. */
  public Tensor of(Parameter parameter) {
    return leaves.computeIfAbsent(parameter, this::leaf);
  }

  private Tensor leaf(Parameter parameter) {
    Operand value = parameters.value(parameter);
    return parameter.kind() == Parameter.Kind.STATE
        ? constant(value)
        : variable(value, parameters.gradient(parameter));
  }

  /** Values with respect to which {@link #backward} computes a gradient, and where that goes. */
  public Tensor variable(Operand value, Operand gradient) {
    Tensor leaf = new Tensor(this, value, recording);
    if (recording) {
      tape.addLeaf(leaf, g -> copyInto(g == null ? fill(value.shape(), 0) : g, gradient));
    }
    return leaf;
  }

  /** A tensor filled with one number. */
  public Tensor fill(Shape shape, double value) {
    return map(Expr.constant(value), shape, List.of());
  }

  // Randomness

  /**
   * Sets the seed of this pass.
   *
   * @param operand one I32 element; may move from step to step
   */
  public void seed(Operand operand) {
    seed = operand.broadcastTo(Shape.of(1));
  }

  /** The seed of this pass, I32 [1]; see {@link #nextStream}. */
  public Tensor seed() {
    if (seed == null) {
      seed = integers(Shape.of(1), 0).operand();
    }
    return constant(seed);
  }

  /** A number for telling apart the random sequences that one pass draws with one seed. */
  public int nextStream() {
    return streams++;
  }

  // Operations

  /**
   * An expression of tensors, which are broadcast to their common shape; input i is the i-th of
   * them.
   */
  public Tensor map(Expr expr, Tensor... inputs) {
    return map(expr, commonShape(inputs), List.of(inputs));
  }

  private static Shape commonShape(Tensor... inputs) {
    Shape shape = Shape.of();
    for (Tensor input : inputs) {
      shape = shape.broadcast(input.shape());
    }
    return shape;
  }

  Tensor map(Expr expr, Shape shape, List<Tensor> inputs) {
    Tensor output = result(shape, typeOf(expr), inputs);
    Kernel kernel = Kernel.of(expr, shape, inputs);
    run(new Elementwise(shape, kernel.program(), kernel.operands(), List.of(output.operand())));
    if (output.differentiable()) {
      tape.add(output, inputs, new MapGradient(this, expr, shape, inputs, output));
    }
    return output;
  }

  /** Expressions of tensors of one shape, each into a tensor of that shape. Not differentiable. */
  void mapInto(List<Expr> exprs, List<Tensor> inputs, List<Tensor> outputs) {
    Shape shape = outputs.getFirst().shape();
    Kernel kernel = Kernel.of(exprs, shape, inputs);
    List<Operand> targets = outputs.stream().map(Tensor::operand).toList();
    run(new Elementwise(shape, kernel.program(), kernel.operands(), targets));
  }

  /**
   * The sum of an expression of tensors over some axes of their common shape, which stay with
   * extent 1.
   */
  public Tensor sum(Expr expr, int[] axes, Tensor... inputs) {
    return sum(expr, commonShape(inputs), axes, List.of(inputs));
  }

  Tensor sum(Expr expr, Shape shape, int[] axes, List<Tensor> inputs) {
    Tensor output = result(shape.reduced(axes), parameters.type(), inputs);
    reduce(Combiner.SUM, expr, shape, axes, inputs, output);
    if (output.differentiable()) {
      MapGradient spread = new MapGradient(this, expr, shape, inputs, null);
      tape.add(output, inputs, g -> spread.gradients(constant(g.operand().broadcastTo(shape))));
    }
    return output;
  }

  Tensor max(Tensor input, int axis) {
    Tensor output = result(input.shape().reduced(axis), parameters.type(), List.of(input));
    reduce(Combiner.MAX, Expr.input(0), input.shape(), new int[] {axis}, List.of(input), output);
    if (output.differentiable()) {
      Tensor where = argmax(input, axis);
      Expr chosen = Expr.select(Expr.index(axis).eq(Expr.intInput(1)), Expr.input(0), Expr.ZERO);
      tape.add(
          output,
          List.of(input),
          g -> Arrays.asList(map(chosen, input.shape(), List.of(g, where))));
    }
    return output;
  }

  Tensor argmax(Tensor input, int axis) {
    Tensor output = allocate(input.shape().reduced(axis), DType.I32);
    reduce(Combiner.ARGMAX, Expr.input(0), input.shape(), new int[] {axis}, List.of(input), output);
    return output;
  }

  private void reduce(
      Combiner combiner, Expr expr, Shape shape, int[] axes, List<Tensor> inputs, Tensor output) {
    Kernel kernel = Kernel.of(expr, shape, inputs);
    List<Integer> over = Arrays.stream(axes).boxed().toList();
    run(
        new Reduce(
            shape,
            kernel.program(),
            List.of(combiner),
            over,
            kernel.operands(),
            List.of(output.operand())));
  }

  Tensor matmul(Tensor a, Tensor b) {
    if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.shape().dim(1) != b.shape().dim(0)) {
      throw new IllegalArgumentException(
          "cannot multiply a matrix of " + a.shape() + " by one of " + b.shape());
    }
    Tensor output =
        result(Shape.of(a.shape().dim(0), b.shape().dim(1)), parameters.type(), List.of(a, b));
    run(Gemm.of(a.ungathered().operand(), b.ungathered().operand(), output.operand()));
    if (output.differentiable()) {
      tape.add(
          output,
          List.of(a, b),
          g ->
              Arrays.asList(
                  a.differentiable() ? matmul(g, b.transpose()) : null,
                  b.differentiable() ? matmul(a.transpose(), g) : null));
    }
    return output;
  }

  Tensor convolve(Tensor images, Tensor weights, Window window) {
    Convolution convolution = new Convolution(this, window, images, weights);
    Tensor output = convolution.output();
    if (output.differentiable()) {
      tape.add(output, List.of(images, weights), convolution);
    }
    return output;
  }

  Tensor pool(Tensor images, Expr expr, Window window) {
    Pooling pooling = new Pooling(this, window, images, expr);
    Tensor output = pooling.output();
    if (output.differentiable()) {
      tape.add(output, List.of(images), pooling);
    }
    return output;
  }

  Tensor maxPool(Tensor images, Window window) {
    boolean sparse =
        recording
            && images.differentiable()
            && backend.prefersSparse(images.type())
            && MaxPooling.suits(window);
    if (!sparse) {
      return pool(images, MaxPooling.largest(window), window);
    }
    MaxPooling pooling = MaxPooling.of(this, window, images);
    Tensor output = pooling.output();
    tape.add(output, List.of(images), pooling);
    return output;
  }

  Tensor view(Tensor input, Layout layout, UnaryOperator<Tensor> adjoint) {
    return derived(input.operand().with(layout), input, adjoint);
  }

  /** Values that were made of another tensor's, whose gradient follows from theirs. */
  Tensor derived(Operand operand, Tensor input, UnaryOperator<Tensor> adjoint) {
    boolean differentiable = recording && input.differentiable();
    Tensor output = new Tensor(this, operand, differentiable);
    if (differentiable) {
      tape.add(output, List.of(input), g -> Arrays.asList(adjoint.apply(g)));
    }
    return output;
  }

  /**
   * The adjoint sums the rows' gradients as a product with the one-hot matrix of the indices, so in
   * a fixed order.
   */
  Tensor gather(Tensor input, Tensor indices) {
    boolean differentiable = recording && input.differentiable();
    Operand gathered = input.ungathered().operand().gather(indices.ungathered().operand());
    Tensor output = copy(new Tensor(this, gathered, false));
    if (!differentiable) {
      return output;
    }
    Tensor tracked = new Tensor(this, output.operand(), true);
    tape.add(tracked, List.of(input), g -> Arrays.asList(scatter(g, indices, input.shape())));
    return tracked;
  }

  private Tensor scatter(Tensor gradient, Tensor indices, Shape target) {
    int n = indices.shape().dim(0);
    Expr hit = Expr.select(Expr.index(0).eq(Expr.intInput(0)), Expr.ONE, Expr.ZERO);
    Tensor oneHot = map(hit, Shape.of(target.dim(0), n), List.of(indices));
    int width = n == 0 ? target.size() / Math.max(1, target.dim(0)) : gradient.shape().size() / n;
    return matmul(oneHot, gradient.reshape(n, width)).reshape(target);
  }

  /**
   * Writes a tensor's values into a state parameter, such as a running mean. Not differentiable.
   */
  public void assign(Parameter state, Tensor value) {
    if (state.kind() != Parameter.Kind.STATE) {
      throw new IllegalArgumentException(state + " is trained; only state can be assigned");
    }
    copyInto(value, parameters.value(state));
  }

  /** Copies values to a place outside this scope, such as a step's loss to an array of losses. */
  public void copyInto(Tensor value, Operand target) {
    Expr element = value.type().type() == Type.INT ? Expr.intInput(0) : Expr.input(0);
    run(Elementwise.of(element, target, value.operand()));
  }

  Tensor copy(Tensor input) {
    boolean integral = input.type().type() == Type.INT;
    return map(integral ? Expr.intInput(0) : Expr.input(0), input);
  }

  /**
   * Computes the gradient of a loss for every parameter used, and stores it with the parameters.
   *
   * @param loss one element
   * @throws IllegalStateException if this scope is not for training, or has run backward before
   */
  public void backward(Tensor loss) {
    if (!recording) {
      throw new IllegalStateException("backward runs once, and only in a scope for training");
    }
    if (loss.shape().size() != 1) {
      throw new IllegalArgumentException("a loss is one number, not " + loss.shape());
    }
    recording = false;
    tape.backward(loss, fill(loss.shape(), 1));
  }

  /** Runs a verb directly, such as an optimizer's update. Not differentiable. */
  public void run(Command command) {
    backend.run(command);
  }

  // Memory

  private DType typeOf(Expr expr) {
    return expr.type() == Type.INT ? DType.I32 : parameters.type();
  }

  Tensor result(Shape shape, DType type, List<Tensor> inputs) {
    boolean tracked =
        recording && type.type() == Type.FLOAT && inputs.stream().anyMatch(Tensor::differentiable);
    return new Tensor(this, memory(shape, type), tracked);
  }

  /** New memory, filled with zeros. */
  Tensor allocate(Shape shape, DType type) {
    return new Tensor(this, memory(shape, type), false);
  }

  private Operand memory(Shape shape, DType type) {
    Buffer buffer = backend.allocate(type, shape.size());
    temporaries.add(buffer);
    return Operand.of(buffer, shape);
  }

  double[] read(Operand operand) {
    return HostArrays.read(backend, operand);
  }

  /** Frees every tensor made here. */
  @Override
  public void close() {
    temporaries.forEach(backend::free);
    temporaries.clear();
  }
}
