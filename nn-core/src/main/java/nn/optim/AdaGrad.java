package nn.optim;

import java.util.List;
import nn.expr.Expr;

/** AdaGrad (Duchi, Hazan and Singer, 2011): {@code h += g^2; w -= lr g / (sqrt(h) + 1e-7)}. */
public record AdaGrad() implements Optimizer {

  @Override
  public int states() {
    return 1;
  }

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    Expr sum = state.getFirst().add(g.square());
    return List.of(w.sub(scalars.getFirst().mul(g).div(Coefficients.root(sum))), sum);
  }
}
