package nn.cpu.codegen;

import java.util.List;

/**
 * All that the code of a kernel depends on; equal specifications share one kernel.
 *
 * @param form the order of the loops
 * @param span how many columns a call may have
 * @param operands how each operand is reached
 * @param stages what is done for each element, in this order; over columns there is one stage
 */
public record KernelSpec(Form form, Span span, List<Access> operands, List<Stage> stages) {

  /** The order of the loops. */
  public enum Form {
    /** Row after row; reductions are over columns. */
    ROWS,
    /** For some columns at a time all rows; reductions are over rows. */
    COLUMNS
  }

  /** How many columns a call has: half of the code is for ends that not every kernel meets. */
  public enum Span {
    /** Some number of whole vectors. */
    WHOLE,
    /** At least one, and less than a vector. */
    PART,
    /**
     * Any number of at least a vector in all; the last vector may begin before the one before ends.
     */
    OVERLAPPING,
    /** Any number. */
    ANY;

    /**
     * The span where so many columns are cut into blocks of a width.
     *
     * @param repeatable whether an element may be computed twice
     */
    public static Span of(int columns, int width, boolean repeatable) {
      if (columns % Species.LANES == 0 && (width >= columns || width % Species.LANES == 0)) {
        return WHOLE;
      }
      if (columns >= Species.LANES && repeatable) {
        return OVERLAPPING;
      }
      return 0 < columns && columns < Species.LANES && width >= columns ? PART : ANY;
    }
  }

  public KernelSpec {
    operands = List.copyOf(operands);
    stages = List.copyOf(stages);
  }

  /** The parameters of all stages. */
  int parameters() {
    return (int)
        stages.stream()
            .flatMap(stage -> stage.leaves().values().stream())
            .filter(Stage.Parameter.class::isInstance)
            .count();
  }

  /** Whether values are combined. */
  public boolean isReduction() {
    return stages.stream().anyMatch(Stage::isReduction);
  }
}
