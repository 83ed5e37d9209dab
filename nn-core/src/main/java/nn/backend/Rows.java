package nn.backend;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Commands that each row of a common iteration space can run through on its own: elementwise ones
 * over [..., n], reductions of it over the last axis, and elementwise ones over the reductions'
 * results, [..., 1]. Running the commands one after another is right; running row after row keeps
 * each row in cache, and results in registers.
 *
 * @param shape the common iteration space, rank at least 1
 * @param stages the commands in their order: Elementwise or Reduce
 * @param internal outputs that nothing reads but later stages; a backend need not store them
 */
public record Rows(Shape shape, List<Command> stages, List<Operand> internal) implements Chain {

  public Rows {
    stages = List.copyOf(stages);
    internal = List.copyOf(internal);
    Shape perRow = shape.reduced(-1);
    for (Command stage : stages) {
      boolean fits =
          switch (stage) {
            case Elementwise e -> e.shape().equals(shape) || e.shape().equals(perRow);
            case Reduce r -> r.shape().equals(shape) && r.axes().equals(List.of(shape.rank() - 1));
            case Gemm _, SparseGemm _, Chain _ -> false;
          };
      Checks.require(fits, "a stage over rows of %s cannot be %s", shape, stage);
    }
  }

  @Override
  public Rows with(List<Command> otherStages, List<Operand> otherInternal) {
    return new Rows(shape, otherStages, otherInternal);
  }

  /** What is read and not made by an earlier stage. */
  @Override
  public List<Operand> inputs() {
    Set<Operand> made = new HashSet<>();
    List<Operand> inputs = new ArrayList<>();
    for (Command stage : stages) {
      stage.inputs().stream()
          .filter(in -> made.stream().noneMatch(m -> same(m, in)))
          .forEach(inputs::add);
      made.addAll(stage.outputs());
    }
    return inputs;
  }

  /**
   * Whether an input reads just what an output wrote, perhaps a row's one value for each element of
   * the row.
   */
  public static boolean same(Operand written, Operand read) {
    if (written.buffer() != read.buffer()
        || !written.isPlain()
        || !read.isPlain()
        || written.shape().rank() != read.shape().rank()) {
      return false;
    }
    return written.equals(read)
        || written.shape().equals(read.shape().reduced(-1))
            && written.layout().broadcastTo(read.shape()).equals(read.layout());
  }
}
