package nn.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;

/**
 * From which command to which each temporary is alive, and which share memory because one takes
 * over from another: the result of an elementwise pass or of an epilogue may lie where an input lay
 * that is read there for the last time, element by element.
 */
final class Lifetimes {

  /** Memory for a temporary, or for several that take over from one another. */
  static final class Slot {
    private final DType type;
    private final int length;
    private final int first;
    private int last;

    private Slot(DType type, int length, int first) {
      this.type = type;
      this.length = length;
      this.first = first;
      this.last = first;
    }

    DType type() {
      return type;
    }

    int length() {
      return length;
    }

    boolean overlaps(Slot that) {
      return first <= that.last && that.first <= last;
    }
  }

  private record Life(int first, int last) {}

  private final Map<Buffer, Life> lives = new LinkedHashMap<>();
  private final Map<Buffer, Slot> slots = new LinkedHashMap<>();

  Lifetimes(List<Command> commands) {
    for (int i = 0; i < commands.size(); i++) {
      Accesses accesses = Accesses.of(commands.get(i));
      for (List<Region> regions : List.of(accesses.reads(), accesses.writes())) {
        for (Region region : regions) {
          touch(region.buffer(), i);
        }
      }
    }
    for (int i = 0; i < commands.size(); i++) {
      takeOver(commands.get(i), i);
    }
    lives.forEach((buffer, life) -> slot(buffer));
  }

  /** The memory of each temporary, those that take over from one another having one slot. */
  Map<Buffer, Slot> slots() {
    return slots;
  }

  private void touch(Buffer buffer, int i) {
    if (buffer instanceof VirtualBuffer) {
      lives.merge(buffer, new Life(i, i), (life, now) -> new Life(life.first, now.last));
    }
  }

  private Slot slot(Buffer buffer) {
    Slot slot = slots.get(buffer);
    if (slot == null) {
      slot = new Slot(buffer.type(), buffer.length(), life(buffer).first);
      slots.put(buffer, slot);
    }
    slot.last = Math.max(slot.last, life(buffer).last);
    return slot;
  }

  private Life life(Buffer buffer) {
    return lives.getOrDefault(buffer, new Life(-1, -1));
  }

  private void takeOver(Command command, int i) {
    List<Buffer> taken = new ArrayList<>();
    for (Operand output : command.outputs()) {
      if (life(output.buffer()).first == i && !slots.containsKey(output.buffer())) {
        for (Operand input : readElementByElement(command)) {
          if (!taken.contains(input.buffer()) && canTakeOver(output, input, command, i)) {
            taken.add(input.buffer());
            slots.put(output.buffer(), slot(input.buffer()));
            slot(output.buffer());
            break;
          }
        }
      }
    }
  }

  private static List<Operand> readElementByElement(Command command) {
    return switch (command) {
      case Elementwise e -> e.inputs();
      case Gemm g -> g.extras();
      default -> List.of();
    };
  }

  private boolean canTakeOver(Operand output, Operand input, Command command, int i) {
    Buffer dying = input.buffer();
    return life(dying).last == i
        && life(dying).first < i
        && dying.type() == output.type()
        && dying.length() == output.buffer().length()
        && input.isPlain()
        && input.layout().equals(output.layout())
        && otherUses(command, input).noneMatch(use -> touches(use, dying));
  }

  private static Stream<Operand> otherUses(Command command, Operand input) {
    List<Operand> others = new ArrayList<>(command.outputs());
    command.inputs().stream().filter(in -> !in.equals(input)).forEach(others::add);
    if (command instanceof Gemm g) {
      others.add(g.a());
      others.add(g.b());
    }
    return others.stream();
  }

  private static boolean touches(Operand use, Buffer buffer) {
    return Accesses.reads(use).stream().anyMatch(region -> region.buffer() == buffer);
  }
}
