package nn.optim;

import java.util.List;
import nn.expr.Expr;

/**
 * Nesterov's accelerated gradient, in the form of Sutskever et al. (2013) with the gradient taken
 * at the parameters stored: {@code v = a v - lr g; w += a v - lr g}.
 *
 * @param coefficient a, from 0 to less than 1
 */
public record Nesterov(double coefficient) implements Optimizer {

  public Nesterov {
    Coefficients.require("a coefficient of momentum", coefficient);
  }

  /** With coefficient 0.9. */
  public Nesterov() {
    this(0.9);
  }

  @Override
  public int states() {
    return 1;
  }

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    Expr step = scalars.getFirst().mul(g);
    Expr velocity = Coefficients.settled(state.getFirst().mul(coefficient).sub(step));
    return List.of(w.add(velocity.mul(coefficient).sub(step)), velocity);
  }
}
