package nn.optim;

import java.util.List;
import nn.expr.Expr;

/**
 * Momentum (Polyak, 1964): {@code v = a v - lr g; w += v}.
 *
 * @param coefficient a, from 0 to less than 1
 */
public record Momentum(double coefficient) implements Optimizer {

  public Momentum {
    Coefficients.require("a coefficient of momentum", coefficient);
  }

  /** With coefficient 0.9. */
  public Momentum() {
    this(0.9);
  }

  @Override
  public int states() {
    return 1;
  }

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    Expr velocity =
        Coefficients.settled(state.getFirst().mul(coefficient).sub(scalars.getFirst().mul(g)));
    return List.of(w.add(velocity), velocity);
  }
}
