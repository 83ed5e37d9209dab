package nn.cpu;

import java.lang.foreign.MemorySegment;
import nn.backend.Buffer;
import nn.backend.DType;

/** A buffer on the heap: float[] for F32, int[] for I32, byte[] for U8, short[] for BF16. */
public final class CpuBuffer implements Buffer {
  private final DType type;
  private final int length;
  private final Object array;
  private final MemorySegment segment;

  /** New memory, filled with zeros. */
  public CpuBuffer(DType type, int length) {
    this.type = type;
    this.length = length;
    array =
        switch (type) {
          case F32 -> new float[length];
          case I32 -> new int[length];
          case U8 -> new byte[length];
          case BF16 -> new short[length];
          case F64 ->
              throw new IllegalArgumentException(
                  "the cpu backend computes in single precision; F64 is for the reference backend");
        };
    segment =
        switch (array) {
          case float[] floats -> MemorySegment.ofArray(floats);
          case int[] ints -> MemorySegment.ofArray(ints);
          case byte[] bytes -> MemorySegment.ofArray(bytes);
          default -> MemorySegment.ofArray((short[]) array);
        };
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int length() {
    return length;
  }

  /** The elements, as an array of the type's own kind. */
  public Object array() {
    return array;
  }

  MemorySegment segment() {
    return segment;
  }

  @Override
  public String toString() {
    return length + " elements of " + type + " on the heap";
  }
}
