package nn.plan;

import java.util.List;
import java.util.function.UnaryOperator;
import nn.backend.Command;

/**
 * The rewrites in their order. Each takes a list of commands and gives one with the same effects on
 * the memory that outlives a step.
 */
final class Optimizer {
  /**
   * Values are settled first. What is read through views goes to its reader, lest a product takes
   * it. Products then take what they can, since work in an epilogue costs no memory traffic; next
   * reductions, which need not store what they map; then passes; then chains of what is left; then
   * commands that have no value in common. What passes images on to one another comes last, when
   * each command is what it will be.
   */
  private static final List<UnaryOperator<List<Command>>> REWRITES =
      List.of(
          Constants::apply,
          UnitReductions::apply,
          DeadCode::apply,
          CommonCommands::apply,
          new ViewFusion()::apply,
          new GemmEpilogue()::apply,
          new ReducePairs()::apply,
          new ReduceFusion()::apply,
          new ElementwiseFusion()::apply,
          new GemmEpilogue()::apply,
          new RowChains()::apply,
          new NeighbourFusion()::apply,
          new AdjacentRanges()::apply,
          new BatchSlices()::apply,
          DeadCode::apply);

  private Optimizer() {}

  static List<Command> optimize(List<Command> commands) {
    List<Command> rewritten = commands;
    for (UnaryOperator<List<Command>> rewrite : REWRITES) {
      rewritten = rewrite.apply(rewritten);
    }
    return rewritten;
  }
}
