package nn.optim;

import java.util.List;
import nn.expr.Expr;

/** Gradient descent: {@code w -= lr g}. */
public record Sgd() implements Optimizer {

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    return List.of(w.sub(scalars.getFirst().mul(g)));
  }
}
