package nn.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.DType;
import org.jspecify.annotations.Nullable;

/**
 * One buffer for each type that holds all temporaries of a plan. Those that are not alive at the
 * same time share memory: from the largest on, each takes the tightest gap that the others leave
 * it.
 */
final class Arena {
  /** Temporaries begin at multiples of this: a cache line, and a vector of the widest kind. */
  static final int ALIGNMENT_BYTES = 64;

  private record Span(int from, int to) {}

  private final Map<Buffer, Lifetimes.Slot> slots;
  private final Map<Lifetimes.Slot, Integer> offsets = new IdentityHashMap<>();
  private final Map<DType, Integer> lengths = new EnumMap<>(DType.class);
  private final Map<DType, Buffer> memory = new EnumMap<>(DType.class);

  Arena(List<Command> commands) {
    slots = new Lifetimes(commands).slots();
    new LinkedHashSet<>(slots.values())
        .stream()
            .sorted(Comparator.comparingInt(Lifetimes.Slot::length).reversed())
            .forEach(this::place);
  }

  private void place(Lifetimes.Slot slot) {
    int alignment = ALIGNMENT_BYTES / slot.type().bytes();
    int size = Math.multiplyExact(Math.ceilDiv(slot.length(), alignment), alignment);
    int offset = gap(occupied(slot, alignment), size);
    offsets.put(slot, offset);
    lengths.merge(slot.type(), Math.addExact(offset, size), Math::max);
  }

  /** Where memory is taken while the slot is alive, in order. */
  private List<Span> occupied(Lifetimes.Slot slot, int alignment) {
    List<Span> spans = new ArrayList<>();
    offsets.forEach((other, offset) -> {
      if (other.type() == slot.type() && other.overlaps(slot)) {
        int end = offset + Math.ceilDiv(other.length(), alignment) * alignment;
        spans.add(new Span(offset, end));
      }
    });
    spans.sort(Comparator.comparingInt(Span::from));
    return spans;
  }

  private static int gap(List<Span> occupied, int size) {
    int best = -1;
    int tightest = Integer.MAX_VALUE;
    int end = 0;
    for (Span span : occupied) {
      int room = span.from - end;
      if (room >= size && room < tightest) {
        best = end;
        tightest = room;
      }
      end = Math.max(end, span.to);
    }
    return best >= 0 ? best : end;
  }

  /** Bytes of all buffers. */
  long bytes() {
    return lengths.entrySet().stream()
        .mapToLong(e -> (long) e.getValue() * e.getKey().bytes())
        .sum();
  }

  /** Takes memory of the backend. */
  void allocate(Backend backend) {
    lengths.forEach((type, length) -> memory.put(type, backend.allocate(type, length)));
  }

  /** Gives the memory back. A second call does nothing. */
  void free(Backend backend) {
    memory.values().forEach(backend::free);
    memory.clear();
  }

  /** The command with temporaries in the arena's memory. */
  Command place(Command command) {
    return Operands.move(command, this::placeOf);
  }

  private Operands.@Nullable Place placeOf(Buffer buffer) {
    Lifetimes.Slot slot = slots.get(buffer);
    if (slot == null) {
      return null;
    }
    Buffer arena = memory.get(slot.type());
    Integer offset = offsets.get(slot);
    if (arena == null || offset == null) {
      throw new IllegalStateException("the plan is closed");
    }
    return new Operands.Place(arena, offset);
  }
}
