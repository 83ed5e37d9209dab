package nn.layer;

import nn.expr.Expr;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/** The logarithm of {@link Softmax}, without loss of precision where that is tiny. */
public final class LogSoftmax implements Layer {
  private static final int[] ROW = {-1};

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Tensor max = x.detach().max(-1);
    Expr shifted = Expr.input(0).sub(Expr.input(1));
    Tensor sum = scope.sum(shifted.exp(), ROW, x, max);
    return scope.map(shifted.sub(Expr.input(2).log()), x, max, sum);
  }
}
