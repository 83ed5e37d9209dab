package nn.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import nn.backend.Buffer;
import nn.backend.Command;
import org.jspecify.annotations.Nullable;

/** Compares two recordings of one step. */
final class PlanCheck {
  private final Map<Buffer, Operands.Place> counterparts = new HashMap<>();

  private PlanCheck() {}

  /**
   * @throws IllegalStateException if the recordings differ in anything but the identity of their
   *     temporaries
   */
  static void requireSame(List<Command> first, List<Command> second) {
    PlanCheck check = new PlanCheck();
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      check.requireSame(i, first.get(i), second.get(i));
    }
    if (first.size() != second.size()) {
      throw different(
          "it gave " + first.size() + " commands at first, " + second.size() + " at second");
    }
  }

  private void requireSame(int number, Command first, Command second) {
    pair(first, second);
    if (!first.equals(Operands.move(second, counterparts::get))) {
      String text = "command " + number + " was at first\n  %s\nand at second\n  %s";
      throw different(text.formatted(new Listing().line(first), new Listing().line(second)));
    }
  }

  /** Temporaries correspond if they are the same number of their recording. */
  private void pair(Command first, Command second) {
    Map<Integer, Buffer> numbered = new HashMap<>();
    forEachTemporary(first, b -> numbered.put(b.number(), b));
    forEachTemporary(
        second,
        b -> {
          @Nullable Buffer same = numbered.get(b.number());
          if (same != null && same.type() == b.type() && same.length() == b.length()) {
            counterparts.put(b, new Operands.Place(same, 0));
          }
        });
  }

  private static void forEachTemporary(Command command, Consumer<VirtualBuffer> action) {
    Accesses accesses = Accesses.of(command);
    for (List<Region> regions : List.of(accesses.reads(), accesses.writes())) {
      for (Region region : regions) {
        if (region.buffer() instanceof VirtualBuffer b) {
          action.accept(b);
        }
      }
    }
  }

  private static IllegalStateException different(String how) {
    return new IllegalStateException(
        "the step differs between two recordings: "
            + how
            + "\nA recorded step may depend on shapes and mode alone; values that change from step"
            + " to step must be read from memory.");
  }
}
