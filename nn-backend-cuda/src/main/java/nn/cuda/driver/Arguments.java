package nn.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;

/**
 * The arguments of a kernel, in native memory in the form that the driver reads: a table of
 * addresses of values.
 */
public final class Arguments {
  private static final int SLOT = Long.BYTES;

  private final Pointer table;

  private Arguments(List<Long> values) {
    int count = values.size();
    MemorySegment memory = Arena.ofAuto().allocate(2L * SLOT * Math.max(1, count), SLOT);
    for (int i = 0; i < count; i++) {
      MemorySegment slot = memory.asSlice((long) (count + i) * SLOT, SLOT);
      slot.set(ValueLayout.JAVA_LONG, 0, values.get(i));
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, slot.address());
    }
    // The pointer keeps the buffer, and the buffer keeps the memory.
    table = Pointer.to(memory.asByteBuffer());
  }

  Pointer pointer() {
    return table;
  }

  /** Collects arguments in the order of the kernel's parameters. */
  public static final class Builder {
    private final List<Long> values = new ArrayList<>();

    /** A 32-bit integer, signed or not; the machine's byte order is little-endian. */
    public Builder integer(int value) {
      values.add((long) value);
      return this;
    }

    /** An address on the card. */
    public Builder address(long address) {
      values.add(address);
      return this;
    }

    public Arguments build() {
      return new Arguments(values);
    }
  }
}
