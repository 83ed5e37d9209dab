package nn.plan;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Operand;

/** What buffers hold, on the host. */
final class Values {
  private Values() {}

  /** Fills an operand's whole buffer. */
  static void write(Backend backend, Operand operand, DoubleSupplier values) {
    Buffer buffer = operand.buffer();
    MemorySegment host = host(buffer);
    for (int i = 0; i < buffer.length(); i++) {
      double value = values.getAsDouble();
      switch (buffer.type()) {
        case F64 -> host.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, value);
        case F32 -> host.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) value);
        case I32 -> host.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, (int) value);
        case U8 -> host.set(ValueLayout.JAVA_BYTE, i, (byte) value);
        case BF16 -> throw new IllegalArgumentException("not needed here");
      }
    }
    backend.write(buffer, 0, host);
  }

  private static MemorySegment host(Buffer buffer) {
    return MemorySegment.ofArray(new byte[buffer.length() * buffer.type().bytes()]);
  }

  /** The bytes of some buffers. */
  static List<MemorySegment> save(Backend backend, List<Buffer> buffers) {
    List<MemorySegment> saved = new ArrayList<>();
    for (Buffer buffer : buffers) {
      MemorySegment copy = host(buffer);
      backend.read(buffer, 0, copy);
      saved.add(copy);
    }
    return saved;
  }

  static void restore(Backend backend, List<Buffer> buffers, List<MemorySegment> saved) {
    for (int i = 0; i < saved.size(); i++) {
      backend.write(buffers.get(i), 0, saved.get(i));
    }
  }

  /** The elements of a buffer's bytes; zeros have no sign, for 0 + x may have become x. */
  static double[] of(Buffer buffer, MemorySegment bytes) {
    return IntStream.range(0, buffer.length())
        .mapToDouble(i -> element(buffer, bytes, i) + 0.0)
        .toArray();
  }

  private static double element(Buffer buffer, MemorySegment bytes, int i) {
    return switch (buffer.type()) {
      case F64 -> bytes.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
      case F32 -> bytes.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
      case I32 -> bytes.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
      case U8 -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, i));
      case BF16 -> throw new IllegalArgumentException("not needed here");
    };
  }
}
