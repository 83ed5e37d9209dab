package nn.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Buffers to and from the host as doubles, whatever the type of their elements. */
public final class Transfer {
  private Transfer() {}

  /** Every element; integers as doubles of the same value. */
  public static double[] read(Backend backend, Buffer buffer) {
    MemorySegment host = host(buffer.type(), buffer.length());
    backend.read(buffer, 0, host);
    double[] values = new double[buffer.length()];
    Arrays.setAll(values, i -> get(host, buffer.type(), i));
    return values;
  }

  /** Writes a buffer's first elements, rounded to its type. */
  public static void write(Backend backend, Buffer buffer, double... values) {
    MemorySegment host = host(buffer.type(), values.length);
    for (int i = 0; i < values.length; i++) {
      set(host, buffer.type(), i, values[i]);
    }
    backend.write(buffer, 0, host);
  }

  /** Backed by longs, and so aligned for every type. */
  private static MemorySegment host(DType type, int length) {
    long bytes = (long) length * type.bytes();
    return MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)]).asSlice(0, bytes);
  }

  private static double get(MemorySegment host, DType type, int i) {
    return switch (type) {
      case F64 -> host.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
      case F32 -> host.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      case BF16 -> BFloat16.toFloat(host.getAtIndex(ValueLayout.JAVA_SHORT, i));
      case I32 -> host.getAtIndex(ValueLayout.JAVA_INT, i);
      case U8 -> host.get(ValueLayout.JAVA_BYTE, i) & 0xff;
    };
  }

  private static void set(MemorySegment host, DType type, int i, double value) {
    switch (type) {
      case F64 -> host.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
      case F32 -> host.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
      case BF16 -> host.setAtIndex(ValueLayout.JAVA_SHORT, i, BFloat16.of((float) value));
      case I32 -> host.setAtIndex(ValueLayout.JAVA_INT, i, (int) value);
      case U8 -> host.set(ValueLayout.JAVA_BYTE, i, (byte) (int) value);
    }
  }
}
