package nn.cpu.codegen;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import nn.backend.Combiner;
import nn.backend.DType;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * One command of a kernel.
 *
 * @param program what is computed for each element
 * @param leaves where each input, index and position of the program comes from
 * @param outputs where the results go
 * @param combiners for a reduction one for each output, else none
 * @param number for argmax the operand whose value is an element's number within the reduced axes;
 *     else -1
 */
public record Stage(
    Program program,
    Map<Expr, Source> leaves,
    List<Output> outputs,
    List<Combiner> combiners,
    int number) {

  /** Where a leaf's value comes from. */
  public sealed interface Source {}

  /** An operand of the kernel. */
  public record Memory(int operand) implements Source {}

  /** What an earlier, elementwise stage of the kernel computed for the same element. */
  public record Made(int stage, int output) implements Source {}

  /** A number that calls are given: see {@link Generic}. */
  public record Parameter(int number) implements Source {}

  /**
   * A result.
   *
   * @param type what it is rounded to
   * @param operand where it is stored, -1 for nowhere
   */
  public record Output(DType type, int operand) {}

  public Stage {
    leaves = Map.copyOf(leaves);
    outputs = List.copyOf(outputs);
    combiners = List.copyOf(combiners);
  }

  Source source(Expr leaf) {
    return Objects.requireNonNull(leaves.get(leaf));
  }

  boolean isReduction() {
    return !combiners.isEmpty();
  }
}
