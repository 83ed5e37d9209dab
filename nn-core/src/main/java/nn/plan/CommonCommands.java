package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.SparseGemm;
import org.jspecify.annotations.Nullable;

/**
 * Removes a command that computes what an earlier one computed already, from inputs that have not
 * changed since. Both leave their results in temporaries that no other command writes; readers of
 * the later result are turned to the earlier one.
 */
final class CommonCommands {
  /**
   * What a command computes.
   *
   * @param work the command without its outputs
   * @param versions how often each buffer it reads was written before
   */
  private record Key(List<Object> work, List<Integer> versions) {}

  private final Map<Buffer, Integer> writers = new HashMap<>();
  private final Map<Buffer, Integer> versions = new HashMap<>();
  private final Map<Buffer, Operands.Place> replaced = new HashMap<>();
  private final Map<Key, Command> seen = new HashMap<>();

  private CommonCommands() {}

  static List<Command> apply(List<Command> commands) {
    return new CommonCommands().visit(commands);
  }

  private List<Command> visit(List<Command> commands) {
    commands.forEach(c -> c.outputs().forEach(o -> writers.merge(o.buffer(), 1, Integer::sum)));
    List<Command> kept = new ArrayList<>();
    for (Command command : commands) {
      Command current = replaced.isEmpty() ? command : Operands.move(command, replaced::get);
      Key key = key(current);
      Command earlier = key == null ? null : seen.get(key);
      if (earlier != null && writeAlike(earlier, current)) {
        for (int i = 0; i < current.outputs().size(); i++) {
          Buffer same = earlier.outputs().get(i).buffer();
          replaced.put(current.outputs().get(i).buffer(), new Operands.Place(same, 0));
        }
        continue;
      }
      current.outputs().forEach(o -> versions.merge(o.buffer(), 1, Integer::sum));
      kept.add(current);
      if (key != null) {
        seen.put(key, current);
      }
    }
    return kept;
  }

  private @Nullable Key key(Command command) {
    List<Object> work =
        switch (command) {
          case Gemm g -> List.of(g.a(), g.b(), g.epilogue(), g.extras(), types(g));
          case Elementwise e -> List.of(e.shape(), e.program(), e.inputs(), types(e));
          case Reduce r ->
              List.of(r.shape(), r.program(), r.combiners(), r.axes(), r.inputs(), types(r));
          case SparseGemm _, Chain _ -> List.of();
        };
    boolean replaceable = command.outputs().stream().allMatch(this::isOwn);
    return work.isEmpty() || !replaceable ? null : new Key(work, versionsRead(command));
  }

  private static List<Object> types(Command command) {
    return command.outputs().stream().map(o -> (Object) o.type()).toList();
  }

  private boolean isOwn(Operand output) {
    Buffer buffer = output.buffer();
    return buffer instanceof VirtualBuffer && writers.getOrDefault(buffer, 0) == 1;
  }

  private List<Integer> versionsRead(Command command) {
    return Accesses.of(command).reads().stream()
        .map(read -> versions.getOrDefault(read.buffer(), 0))
        .toList();
  }

  private static boolean writeAlike(Command earlier, Command later) {
    return IntStream.range(0, later.outputs().size())
        .allMatch(i -> alike(earlier.outputs().get(i), later.outputs().get(i)));
  }

  private static boolean alike(Operand a, Operand b) {
    Layout layout = a.layout();
    return layout.equals(b.layout()) && a.buffer().length() == b.buffer().length();
  }
}
