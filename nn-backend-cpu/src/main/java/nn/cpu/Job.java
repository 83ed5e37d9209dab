package nn.cpu;

import nn.cpu.thread.TeamTask;

/**
 * A command bound to its operands, ready to run any number of times. Cursors are read when a part
 * starts. Running allocates nothing.
 */
public interface Job extends TeamTask {

  /**
   * Into how many parts it is worth splitting the work. Results do not depend on it.
   *
   * @param threads how many there are
   * @return 1 to {@code threads}
   */
  int parts(int threads);
}
