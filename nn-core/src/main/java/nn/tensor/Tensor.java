package nn.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import org.jspecify.annotations.Nullable;

/**
 * An array on a device, made within a {@link Scope} and valid until that is closed. Immutable,
 * except that a parameter's tensor shows the parameter's present values.
 *
 * <p>Operations on tensors are differentiable unless they say otherwise. Shapes broadcast as in
 * NumPy: axes are aligned at the last, and an extent of 1 stretches. Reductions keep the axes they
 * reduce, with extent 1.
 */
public final class Tensor {
  private final Scope scope;
  private final @Nullable Unpooled unpooled;
  private final boolean differentiable;
  private @Nullable Operand operand;

  Tensor(Scope scope, Operand operand, boolean differentiable) {
    this.scope = scope;
    this.operand = operand;
    this.unpooled = null;
    this.differentiable = differentiable;
  }

  /** A gradient that is mostly zeros, which are written only if they are asked for. */
  Tensor(Scope scope, Unpooled unpooled) {
    this.scope = scope;
    this.unpooled = unpooled;
    this.differentiable = false;
  }

  public Scope scope() {
    return scope;
  }

  /** Where the elements lie. */
  public Operand operand() {
    if (operand == null) {
      operand = Objects.requireNonNull(unpooled).spread();
    }
    return operand;
  }

  /** The elements that are not 0, if that is all that is known of this tensor. */
  @Nullable Unpooled unpooled() {
    return unpooled;
  }

  public Shape shape() {
    return unpooled != null ? unpooled.shape() : operand().shape();
  }

  public DType type() {
    return unpooled != null ? unpooled.type() : operand().type();
  }

  /** Whether a gradient flows back through this tensor. */
  boolean differentiable() {
    return differentiable;
  }

  // Elementwise

  /** An expression of this tensor's elements; {@code x.map(Expr::tanh)}. */
  public Tensor map(UnaryOperator<Expr> f) {
    return scope.map(f.apply(Expr.input(0)), this);
  }

  /** An expression of this tensor's and another's elements. */
  public Tensor map(Tensor that, BinaryOperator<Expr> f) {
    return scope.map(f.apply(Expr.input(0), Expr.input(1)), this, that);
  }

  public Tensor add(Tensor that) {
    return map(that, Expr::add);
  }

  public Tensor sub(Tensor that) {
    return map(that, Expr::sub);
  }

  public Tensor mul(Tensor that) {
    return map(that, Expr::mul);
  }

  public Tensor div(Tensor that) {
    return map(that, Expr::div);
  }

  public Tensor mul(double factor) {
    return map(x -> x.mul(factor));
  }

  // Products

  /**
   * The matrix product.
   *
   * @param that [k, n], where this is [m, k]
   * @return [m, n]
   */
  public Tensor matmul(Tensor that) {
    return scope.matmul(this, that);
  }

  // Images

  /**
   * The convolution with weights: for each window of these images [n, height, width, channels] the
   * sum of its pixels times the weights (a cross-correlation, as everywhere in the field).
   *
   * @param weights [window's height, window's width, channels, channels of the result]
   * @param window where the weights lie; padding is with zeros
   * @return [n, windows down, windows across, channels of the result]
   */
  public Tensor convolve(Tensor weights, Window window) {
    Shape expected = weights.shape();
    boolean fit =
        expected.rank() == 4
            && expected.dim(0) == window.height()
            && expected.dim(1) == window.width()
            && shape().rank() == 4
            && expected.dim(2) == shape().dim(3);
    if (!fit) {
      throw new IllegalArgumentException(
          "cannot convolve images of "
              + shape()
              + " with weights of "
              + expected
              + " in "
              + window);
    }
    return scope.convolve(padded(window, 0), weights.ungathered(), window.unpadded());
  }

  /**
   * The largest value of each window and channel of these images [n, height, width, channels]; the
   * gradient goes to the first of several. Padding counts as minus infinity.
   *
   * @return [n, windows down, windows across, channels]
   */
  public Tensor maxPool(Window window) {
    return scope.maxPool(padded(window, Double.NEGATIVE_INFINITY), window.unpadded());
  }

  /**
   * The mean of each window and channel of these images [n, height, width, channels]. Padding is
   * with zeros, which count.
   *
   * @return [n, windows down, windows across, channels]
   */
  public Tensor averagePool(Window window) {
    Expr sum = Expr.input(0);
    for (int i = 1; i < window.taps(); i++) {
      sum = sum.add(Expr.input(i));
    }
    return scope.pool(padded(window, 0), sum.mul(1.0 / window.taps()), window.unpadded());
  }

  private Tensor padded(Window window, double value) {
    if (!window.isPadded() || shape().rank() != 4) {
      return ungathered(); // what is no image is refused where it is used
    }
    int top = window.paddingHeight();
    int left = window.paddingWidth();
    Shape outer = shape().with(1, shape().dim(1) + 2 * top).with(2, shape().dim(2) + 2 * left);
    Tensor border = value == 0 ? scope.allocate(outer, type()) : scope.fill(outer, value);
    Layout inner =
        border
            .operand()
            .layout()
            .slice(1, top, top + shape().dim(1))
            .slice(2, left, left + shape().dim(2));
    scope.copyInto(this, border.operand().with(inner));
    return scope.derived(
        border.operand(),
        this,
        g -> g.slice(1, top, top + shape().dim(1)).slice(2, left, left + shape().dim(2)));
  }

  // Reductions

  /** The sum over the given axes; over all of them if none is given. */
  public Tensor sum(int... axes) {
    return scope.sum(Expr.input(0), axesOrAll(axes), this);
  }

  /** The mean over the given axes; over all of them if none is given. 0 over nothing. */
  public Tensor mean(int... axes) {
    int[] over = axesOrAll(axes);
    double count = Arrays.stream(over).mapToDouble(shape()::dim).reduce(1, (a, b) -> a * b);
    return scope.sum(Expr.input(0).mul(1 / Math.max(1, count)), over, this);
  }

  /** The largest along one axis; the gradient goes to the first of several. */
  public Tensor max(int axis) {
    return scope.max(this, shape().axis(axis));
  }

  /** The index of the largest along one axis, I32, the first of several. Not differentiable. */
  public Tensor argmax(int axis) {
    return scope.argmax(this, shape().axis(axis));
  }

  private int[] axesOrAll(int[] axes) {
    return axes.length > 0
        ? Arrays.stream(axes).map(shape()::axis).sorted().distinct().toArray()
        : IntStream.range(0, shape().rank()).toArray();
  }

  // Views

  /** A matrix transposed: the last two axes exchanged. */
  public Tensor transpose() {
    Tensor base = ungathered();
    return scope.view(
        base, base.operand().layout().transpose(), g -> g.view(g.operand().layout().transpose()));
  }

  /**
   * The same elements in row-major order under another shape.
   *
   * @throws IllegalArgumentException if the number of elements differs
   */
  public Tensor reshape(Shape target) {
    if (target.size() != shape().size()) {
      throw new IllegalArgumentException("cannot reshape " + shape() + " to " + target);
    }
    if (target.equals(shape())) {
      return this;
    }
    Tensor dense = contiguous();
    Shape original = shape();
    Layout layout = Layout.contiguous(target, dense.operand().layout().offset());
    return scope.view(dense, layout, g -> g.reshape(original));
  }

  public Tensor reshape(int... dims) {
    return reshape(Shape.of(dims));
  }

  /** Without gaps and in row-major order; a copy only where it must be. */
  public Tensor contiguous() {
    boolean dense = operand().isPlain() && operand().layout().isContiguous();
    return dense ? this : scope.copy(this);
  }

  /** Copied if its rows are gathered: a layout over those would name other rows. */
  Tensor ungathered() {
    return operand().rows() == null ? this : scope.copy(this);
  }

  /** The elements from one coordinate up to, not including, another along an axis. */
  public Tensor slice(int axis, int from, int to) {
    Tensor base = ungathered();
    Layout layout = base.operand().layout().slice(axis, from, to);
    return scope.view(base, layout, g -> g.padded(shape(), shape().axis(axis), from));
  }

  /**
   * The rows that the indices name.
   *
   * @param indices I32 [n]; entries in [0, dim(0))
   * @return of this shape with extent n along axis 0
   */
  public Tensor gather(Tensor indices) {
    return scope.gather(this, indices);
  }

  /** The same values as a constant: no gradient flows back. */
  public Tensor detach() {
    return new Tensor(scope, operand(), false);
  }

  private Tensor view(Layout layout) {
    return new Tensor(scope, operand().with(layout), false);
  }

  /** The adjoint of a slice: zeros around. */
  private Tensor padded(Shape full, int axis, int from) {
    Tensor zeros = scope.fill(full, 0);
    Layout inner = zeros.operand().layout().slice(axis, from, from + shape().dim(axis));
    scope.copyInto(this, zeros.operand().with(inner));
    return zeros;
  }

  // Host

  /**
   * The values on the host, in row-major order. Waits for the device.
   *
   * @throws IllegalStateException inside a recording, where there are no values yet
   */
  public double[] toDoubles() {
    return scope.read(contiguous().operand());
  }

  /** The values on the host as floats, in row-major order. */
  public float[] toFloats() {
    double[] values = toDoubles();
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** The only element's value. */
  public double item() {
    if (shape().size() != 1) {
      throw new IllegalStateException("a tensor of shape " + shape() + " is not one number");
    }
    return toDoubles()[0];
  }

  /** Broadcast to a larger shape. */
  public Tensor broadcastTo(Shape target) {
    return target.equals(shape()) ? this : scope.map(Expr.input(0), target, List.of(this));
  }

  @Override
  public String toString() {
    return "Tensor" + shape() + " " + type();
  }
}
