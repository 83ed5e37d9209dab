package nn.layer;

import java.util.function.UnaryOperator;
import nn.expr.Expr;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * A function of each element on its own, given as one expression: {@code new Activation(x ->
 * x.mul(x.mul(1.702).sigmoid()))}. Its derivative follows from that.
 *
 * @param function see {@link Activations} for the usual ones
 */
public record Activation(UnaryOperator<Expr> function) implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return x.map(function);
  }
}
