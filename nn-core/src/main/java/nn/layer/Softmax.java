package nn.layer;

import nn.expr.Expr;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * exp(x) / sum(exp(x)) along the last axis. The largest of a row is subtracted first, which changes
 * nothing but keeps exp from overflowing.
 */
public final class Softmax implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Tensor exponentials = x.map(x.detach().max(-1), (z, max) -> z.sub(max).exp());
    return exponentials.map(exponentials.sum(-1), Expr::div);
  }
}
