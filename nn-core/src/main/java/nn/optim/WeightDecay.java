package nn.optim;

import java.util.Arrays;
import java.util.List;
import nn.expr.Expr;

/**
 * L2 weight decay before another rule: the gradient of a weight becomes {@code g + strength w}. The
 * strength is a number that each step reads, whereas {@link Regularizer#l2} makes it a constant of
 * the update's code: with this, trainings that differ in nothing else share compiled kernels. The
 * penalty is no part of the loss that is reported.
 *
 * @param rule what then updates the weights
 * @param strength finite and not negative
 */
public record WeightDecay(Optimizer rule, double strength) implements Optimizer {

  public WeightDecay {
    if (!(strength >= 0 && Double.isFinite(strength))) {
      throw new IllegalArgumentException(
          "a weight decay is finite and not negative, unlike " + strength);
    }
  }

  @Override
  public int states() {
    return rule.states();
  }

  @Override
  public double defaultLearningRate() {
    return rule.defaultLearningRate();
  }

  @Override
  public int scalarCount() {
    return rule.scalarCount() + 1;
  }

  @Override
  public double[] scalars(double learningRate, long step) {
    double[] numbers = Arrays.copyOf(rule.scalars(learningRate, step), scalarCount());
    numbers[rule.scalarCount()] = strength;
    return numbers;
  }

  @Override
  public List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays) {
    Expr gradient = decays ? g.add(scalars.getLast().mul(w)) : g;
    return rule.update(w, gradient, scalars.subList(0, rule.scalarCount()), state, decays);
  }
}
