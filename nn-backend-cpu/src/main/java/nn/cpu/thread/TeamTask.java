package nn.cpu.thread;

/** Work that splits into parts which may run at the same time. */
@FunctionalInterface
public interface TeamTask {

  /**
   * Does one part of the work.
   *
   * @param part from 0 to parts - 1; each runs exactly once
   * @param parts how many parts there are
   */
  void run(int part, int parts);
}
