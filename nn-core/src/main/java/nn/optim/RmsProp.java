package nn.optim;

import java.util.List;
import nn.expr.Expr;

/**
 * RMSprop (Tieleman and Hinton, 2012): {@code h = d h + (1 - d) g^2; w -= lr g / (sqrt(h) + 1e-7)}.
 *
 * @param decay d, from 0 to less than 1
 */
public record RmsProp(double decay) implements Optimizer {

  public RmsProp {
    Coefficients.require("a decay rate", decay);
  }

  /** With decay 0.99. */
  public RmsProp() {
    this(0.99);
  }

  @Override
  public int states() {
    return 1;
  }

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    Expr mean = Coefficients.settled(state.getFirst().mul(decay).add(g.square().mul(1 - decay)));
    return List.of(w.sub(scalars.getFirst().mul(g).div(Coefficients.root(mean))), mean);
  }
}
