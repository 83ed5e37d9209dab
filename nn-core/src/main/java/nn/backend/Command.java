package nn.backend;

import java.util.List;

/** A verb with its operands: what a backend runs at once, or compiles as part of a list. */
public sealed interface Command permits Gemm, Elementwise, Reduce, SparseGemm, Chain {

  /** Everything that is read. Of a chain of commands also what an earlier one of them wrote. */
  List<Operand> inputs();

  /** Everything that is written. */
  List<Operand> outputs();
}
