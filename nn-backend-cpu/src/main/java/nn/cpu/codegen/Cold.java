package nn.cpu.codegen;

/** Code that C2 has not been asked to compile. */
public interface Cold {
  /**
   * Calls of a kernel on a few terms that are enough where the launcher's thresholds are in force.
   */
  int ENOUGH_CALLS = 24;

  /** C2 compiles what was called 600 times and made 15,000 calls and loop passes together. */
  int CALLS_IN_ANY_CASE = 700;

  /**
   * Runs it a few times on memory of its own. With the launcher's options that is enough to have it
   * compiled, and the last of these times waits for C2.
   */
  void warmUp();

  /** Goes on until C2 is asked for it in any case. */
  void warmUpMore();
}
