package nn.cpu;

import java.lang.foreign.MemorySegment;
import nn.backend.Buffer;
import nn.backend.DType;
import nn.cpu.codegen.Elements;
import nn.cpu.codegen.Species;

/** A buffer on the heap: float[] for F32, int[] for I32, byte[] for U8, short[] for BF16. */
public final class CpuBuffer implements Buffer {
  private final DType type;
  private final int length;
  private final Object array;
  private final MemorySegment segment;

  /**
   * New memory, filled with zeros. Behind the elements the array goes on for one more vector: where
   * a masked vector might reach beyond its array, the vector library looks at each lane, and makes
   * objects for it.
   */
  public CpuBuffer(DType type, int length) {
    this.type = type;
    this.length = length;
    array =
        Elements.newArray(
            type, Math.min(length, Integer.MAX_VALUE - Species.LANES) + Species.LANES);
    MemorySegment whole =
        switch (array) {
          case float[] floats -> MemorySegment.ofArray(floats);
          case int[] ints -> MemorySegment.ofArray(ints);
          case byte[] bytes -> MemorySegment.ofArray(bytes);
          default -> MemorySegment.ofArray((short[]) array);
        };
    segment = whole.asSlice(0, (long) length * type.bytes());
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int length() {
    return length;
  }

  /** The elements and what is behind them, as an array of the type's own kind. */
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
