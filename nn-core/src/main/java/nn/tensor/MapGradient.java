package nn.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass of an elementwise map: for each input the upstream gradient times the
 * expression's derivative, summed over the axes along which the input was broadcast.
 *
 * @param shape the iteration space, and the shape of the upstream gradient
 * @param saved the map's own result, if it is kept: derivatives that need nothing else are taken
 *     from it
 */
record MapGradient(Scope scope, Expr expr, Shape shape, List<Tensor> inputs, @Nullable Tensor saved)
    implements Tape.Backward {

  @Override
  public List<@Nullable Tensor> gradients(Tensor upstream) {
    List<@Nullable Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      gradients.add(inputs.get(i).differentiable() ? gradient(i, upstream) : null);
    }
    return gradients;
  }

  private @Nullable Tensor gradient(int i, Tensor upstream) {
    Expr gradient = upstreamInput().mul(derivative(i));
    Shape target = inputs.get(i).shape();
    Unpooled sparse = upstream.unpooled();
    if (sparse != null
        && gradient.equals(upstreamInput())
        && sparse.isSummedOver(stretched(target))) {
      Tensor values = sparse.values();
      return scope.sum(Expr.input(0), stretched(target), values).reshape(target);
    }
    return gradient.equals(Expr.ZERO) ? null : evaluate(gradient, target, upstream);
  }

  private Expr upstreamInput() {
    return Expr.input(inputs.size());
  }

  private Expr derivative(int i) {
    Expr derivative = expr.derivative(new Expr.Input(i, Type.FLOAT));
    if (saved == null) {
      return derivative;
    }
    Expr savedInput = Expr.input(inputs.size() + 1);
    Expr fromSaved = derivative.replace(part -> part.equals(expr) ? savedInput : null);
    return readsInputs(fromSaved) ? derivative : fromSaved;
  }

  /**
   * Whether any of the map's own inputs is still needed, so that using its result would save
   * nothing.
   */
  private boolean readsInputs(Expr derivative) {
    return Program.of(derivative).steps().stream()
        .anyMatch(
            step -> step instanceof Program.Leaf(Expr.Input in) && in.index() < inputs.size());
  }

  private Tensor evaluate(Expr gradient, Shape target, Tensor upstream) {
    List<Tensor> operands = new ArrayList<>(inputs);
    operands.add(upstream);
    if (saved != null) {
      operands.add(saved);
    }
    if (target.equals(shape)) {
      return gradient.equals(upstreamInput()) ? upstream : scope.map(gradient, shape, operands);
    }
    return scope.sum(gradient, shape, stretched(target), operands).reshape(target);
  }

  /** The axes along which an input of this shape was broadcast. */
  private int[] stretched(Shape target) {
    int added = shape.rank() - target.rank();
    return IntStream.range(0, shape.rank())
        .filter(axis -> axis < added || target.dim(axis - added) != shape.dim(axis))
        .toArray();
  }
}
