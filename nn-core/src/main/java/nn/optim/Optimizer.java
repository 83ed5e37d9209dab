package nn.optim;

import java.util.List;
import nn.expr.Expr;

/**
 * A rule by which gradients change parameters, as expressions over one parameter value: what one
 * pass over all parameters computes.
 */
public interface Optimizer {

  /** How many numbers of state each parameter value has; zero at first. */
  default int states() {
    return 0;
  }

  /** The learning rate to take where a user names none. */
  default double defaultLearningRate() {
    return 0.01;
  }

  /** How many numbers {@link #scalars} gives. */
  default int scalarCount() {
    return 1;
  }

  /**
   * The numbers that change from step to step, computed on the host in double.
   *
   * @param learningRate of this step
   * @param step from 1
   * @return {@link #scalarCount} numbers; by default the learning rate alone
   */
  default double[] scalars(double learningRate, long step) {
    return new double[] {learningRate};
  }

  /**
   * The new value of a parameter, then those of its state.
   *
   * @param w the parameter
   * @param g its gradient
   * @param scalars the step's numbers, {@link #scalarCount} of them
   * @param state {@link #states} of them
   * @param decays whether the parameter is subject to the optimizer's own weight decay, if it has
   *     one
   */
  List<Expr> update(Expr w, Expr g, List<Expr> scalars, List<Expr> state, boolean decays);
}
