package nn.plan;

import java.util.List;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Reduce;

/**
 * A reduction over axes of extent 1 combines nothing: it is an elementwise command, and fuses like
 * one.
 */
final class UnitReductions {
  private UnitReductions() {}

  static List<Command> apply(List<Command> commands) {
    return commands.stream()
        .map(c -> c instanceof Reduce r && combinesNothing(r) ? map(r) : c)
        .toList();
  }

  private static boolean combinesNothing(Reduce r) {
    return r.axes().stream().allMatch(axis -> r.shape().dim(axis) == 1)
        && !r.combiners().contains(Combiner.ARGMAX);
  }

  private static Command map(Reduce r) {
    return new Elementwise(r.shape(), r.program(), r.inputs(), r.outputs());
  }
}
