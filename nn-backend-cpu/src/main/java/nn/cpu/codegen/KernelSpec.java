package nn.cpu.codegen;

import java.util.List;

/**
 * All that the code of a kernel depends on; equal specifications share one kernel.
 *
 * @param form the order of the loops
 * @param operands how each operand is reached
 * @param stages what is done for each element, in this order; over columns there is one stage
 */
public record KernelSpec(Form form, List<Access> operands, List<Stage> stages) {

  /** The order of the loops. */
  public enum Form {
    /** Row after row; reductions are over columns. */
    ROWS,
    /** For some columns at a time all rows; reductions are over rows. */
    COLUMNS
  }

  public KernelSpec {
    operands = List.copyOf(operands);
    stages = List.copyOf(stages);
  }

  /** Whether values are combined. */
  public boolean isReduction() {
    return stages.stream().anyMatch(Stage::isReduction);
  }
}
