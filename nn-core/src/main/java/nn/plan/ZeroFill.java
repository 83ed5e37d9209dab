package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Type;

/**
 * New memory is filled with zeros, but a plan's temporaries share memory that is not. So a
 * temporary of which something is read that was not written before is filled by a command, ahead of
 * its first use.
 */
final class ZeroFill {
  private final Map<Buffer, IntervalSet> written = new HashMap<>();
  private final Set<Operand> writtenOperands = new HashSet<>();

  private ZeroFill() {}

  static List<Command> apply(List<Command> commands) {
    Set<Buffer> unwritten = new ZeroFill().readBeforeWritten(commands);
    List<Command> filled = new ArrayList<>();
    for (Command command : commands) {
      Accesses accesses = Accesses.of(command);
      for (List<Region> regions : List.of(accesses.reads(), accesses.writes())) {
        for (Region region : regions) {
          if (unwritten.remove(region.buffer())) {
            filled.add(fill(region.buffer()));
          }
        }
      }
      filled.add(command);
    }
    return filled;
  }

  private static Command fill(Buffer buffer) {
    Expr zero = buffer.type().type() == Type.INT ? Expr.integer(0) : Expr.ZERO;
    return Elementwise.of(zero, Operand.of(buffer, Shape.of(buffer.length())));
  }

  private Set<Buffer> readBeforeWritten(List<Command> commands) {
    Set<Buffer> found = new HashSet<>();
    for (Command command : commands) {
      for (Operand input : command.inputs()) {
        if (!writtenOperands.contains(input)) {
          Accesses.reads(input).stream()
              .filter(this::isUnwritten)
              .forEach(r -> found.add(r.buffer()));
        }
      }
      noteWrites(command.outputs());
    }
    return found;
  }

  private boolean isUnwritten(Region region) {
    return region.buffer() instanceof VirtualBuffer
        && !written
            .getOrDefault(region.buffer(), new IntervalSet())
            .contains(region.from(), region.to());
  }

  private void noteWrites(List<Operand> outputs) {
    writtenOperands.addAll(outputs);
    Map<Buffer, List<Operand>> plain =
        outputs.stream().filter(Operand::isPlain).collect(Collectors.groupingBy(Operand::buffer));
    plain.forEach((buffer, together) -> {
      IntervalSet filled = written.computeIfAbsent(buffer, b -> new IntervalSet());
      for (Operand output : together) {
        Region.filledBy(List.of(output)).ifPresent(r -> filled.add(r.from(), r.to()));
      }
      Region.filledBy(together).ifPresent(r -> filled.add(r.from(), r.to()));
    });
  }
}
