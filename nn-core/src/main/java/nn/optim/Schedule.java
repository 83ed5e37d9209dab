package nn.optim;

/** How the learning rate changes in the course of training; see {@link Schedules}. */
@FunctionalInterface
public interface Schedule {

  /**
   * The learning rate of a step.
   *
   * @param base the learning rate that the user chose
   * @param step from 0
   * @param totalSteps of the whole training
   */
  double rate(double base, long step, long totalSteps);
}
