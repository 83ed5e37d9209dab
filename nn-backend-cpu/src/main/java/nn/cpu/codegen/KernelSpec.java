package nn.cpu.codegen;

import java.util.List;

/**
 * All that the code of a kernel depends on; equal specifications share one kernel.
 *
 * @param form the order of the loops
 * @param operands how each operand is reached
 * @param phases what is done for each row, in this order; a kernel over columns has one, with one stage
 */
public record KernelSpec(Form form, List<Access> operands, List<Phase> phases) {

  /** The order of the loops. */
  public enum Form {
    /** Row after row; reductions are over columns. */
    ROWS,
    /** For some columns at a time all rows; reductions are over rows. */
    COLUMNS
  }

  /**
   * Stages that share a loop.
   *
   * @param perRow whether the stages compute one value for the row rather than one for each column
   */
  public record Phase(boolean perRow, List<Stage> stages) {
    public Phase {
      stages = List.copyOf(stages);
    }
  }

  public KernelSpec {
    operands = List.copyOf(operands);
    phases = List.copyOf(phases);
  }
}
