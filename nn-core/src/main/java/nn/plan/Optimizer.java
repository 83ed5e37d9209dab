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
   * Values are settled first. Products then take what they can, since work in an epilogue costs no
   * memory traffic; next come passes and reductions, then chains of what is left, and last commands
   * that have nothing but their shape in common.
   */
  private static final List<UnaryOperator<List<Command>>> REWRITES =
      List.of(
          Constants::apply,
          DeadCode::apply,
          CommonCommands::apply,
          new GemmEpilogue()::apply,
          new ElementwiseFusion()::apply,
          new GemmEpilogue()::apply,
          new ReducePairs()::apply,
          new ReduceFusion()::apply,
          new RowChains()::apply,
          new NeighbourFusion()::apply,
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
