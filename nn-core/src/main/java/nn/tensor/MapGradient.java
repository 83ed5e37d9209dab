package nn.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
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
    if (gradient.equals(Expr.ZERO)) {
      return null;
    }
    Shape target = inputs.get(i).shape();
    Unpooled sparse = upstream.unpooled();
    Tensor kept = sparse == null ? null : ofChosen(gradient, target, sparse);
    return kept == null ? evaluate(gradient, target, shape, upstream, saved) : kept;
  }

  private Expr upstreamInput() {
    return Expr.input(inputs.size());
  }

  private Expr savedInput() {
    return Expr.input(inputs.size() + 1);
  }

  private Expr derivative(int i) {
    Expr derivative = expr.derivative(new Expr.Input(i, Type.FLOAT));
    if (saved == null) {
      return derivative;
    }
    Expr fromSaved = derivative.replace(part -> part.equals(expr) ? savedInput() : null);
    return reads(fromSaved, index -> index < inputs.size()) ? derivative : fromSaved;
  }

  private static boolean reads(Expr derivative, IntPredicate input) {
    return Program.of(derivative).steps().stream()
        .anyMatch(step -> step instanceof Program.Leaf(Expr.Input in) && input.test(in.index()));
  }

  /**
   * The gradient where the upstream one is not 0 but at pixels that pooling chose, if it follows
   * from what is known of those: if pooling saw the map's own result, that is what it found to be
   * the largest.
   */
  private @Nullable Tensor ofChosen(Expr gradient, Shape target, Unpooled sparse) {
    boolean pooled = sparse.pooling().images() == saved;
    int[] stretched = stretched(target);
    boolean known = !reads(gradient, i -> i != inputs.size() && !(pooled && i > inputs.size()));
    boolean whole = target.equals(shape) || sparse.isSummedOver(stretched);
    if (!known || !whole) {
      return null;
    }
    Tensor values = sparse.values();
    Shape chosen = target.equals(shape) ? values.shape() : target;
    Tensor result = evaluate(gradient, chosen, values.shape(), values, sparse.pooling().largest());
    return target.equals(shape) ? new Tensor(scope, sparse.with(result)) : result;
  }

  /**
   * The gradient's values.
   *
   * @param target the shape wanted
   * @param space the shape of the gradient before it is summed
   */
  private Tensor evaluate(
      Expr gradient, Shape target, Shape space, Tensor upstream, @Nullable Tensor result) {
    if (target.equals(space) && gradient.equals(upstreamInput())) {
      return upstream;
    }
    List<Tensor> operands = new ArrayList<>(inputs);
    operands.add(upstream);
    if (result != null) {
      operands.add(result);
    }
    return target.equals(space)
        ? scope.map(gradient, space, operands)
        : scope.sum(gradient, space, stretched(target), operands).reshape(target);
  }

  /** The axes along which an input of this shape was broadcast. */
  private int[] stretched(Shape target) {
    int added = shape.rank() - target.rank();
    return IntStream.range(0, shape.rank())
        .filter(axis -> axis < added || target.dim(axis - added) != shape.dim(axis))
        .toArray();
  }
}
