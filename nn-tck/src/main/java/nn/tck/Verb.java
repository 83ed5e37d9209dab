package nn.tck;

/** What a case is about; reports are grouped by it. */
public enum Verb {
  ELEMENTWISE,
  REDUCE,
  /** Chains of commands: row by row, slice by slice. */
  CHAIN,
  GEMM,
  /** Compiled lists of commands. */
  PLAN,
  /** Buffers and transfers. */
  MEMORY,
  /** Derivatives, against differences. */
  GRADIENT,
  /** The same bits again. */
  DETERMINISM
}
