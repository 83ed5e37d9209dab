package nn.cpu.codegen;

/** Code that C2 has not been asked to compile. */
public interface Cold {

  /**
   * Runs it a few times on memory of its own. With the launcher's options that is enough to have it
   * compiled, and the last of these times waits for C2.
   */
  void warmUp();

  /** Goes on until C2 is asked for it in any case. */
  void warmUpMore();
}
