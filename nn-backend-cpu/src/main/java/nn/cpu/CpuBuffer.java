package nn.cpu;

import java.lang.foreign.MemorySegment;
import nn.backend.Buffer;
import nn.backend.DType;
import nn.cpu.codegen.Elements;
import nn.cpu.codegen.Species;

/** A buffer on the heap: float[] for F32, int[] for I32, byte[] for U8, short[] for BF16. */
public final class CpuBuffer implements Buffer {
  /** From so many bytes on an array is made as long as {@link Scratch#LARGE_BYTES} at least. */
  private static final int WORTH_ALIGNING = Scratch.LARGE_BYTES / 2;

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
    int around = first() + Species.LANES;
    int room = Math.min(length, Integer.MAX_VALUE - around) + around;
    boolean worth = (long) length * type.bytes() >= WORTH_ALIGNING;
    int least = worth ? Scratch.LARGE_BYTES / type.bytes() : 0;
    array = Elements.newArray(type, Math.max(room, least));
    MemorySegment whole =
        switch (array) {
          case float[] floats -> MemorySegment.ofArray(floats);
          case int[] ints -> MemorySegment.ofArray(ints);
          case byte[] bytes -> MemorySegment.ofArray(bytes);
          default -> MemorySegment.ofArray((short[]) array);
        };
    segment = whole.asSlice(Scratch.LEAD_BYTES, (long) length * type.bytes());
  }

  /**
   * A buffer as one of this backend's.
   *
   * @throws IllegalArgumentException if it is another's
   */
  public static CpuBuffer of(Buffer buffer) {
    if (buffer instanceof CpuBuffer mine) {
      return mine;
    }
    throw new IllegalArgumentException("the buffer " + buffer + " belongs to another backend");
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int length() {
    return length;
  }

  /** The elements, and what is before and behind them, as an array of the type's own kind. */
  public Object array() {
    return array;
  }

  /** Where in the array element 0 lies. */
  public int first() {
    return Scratch.LEAD_BYTES / type.bytes();
  }

  /** The number in a counter of one element. */
  public int count() {
    return ((int[]) array)[first()];
  }

  /** Puts a number into a counter of one element. */
  public void setCount(int value) {
    ((int[]) array)[first()] = value;
  }

  MemorySegment segment() {
    return segment;
  }

  @Override
  public String toString() {
    return length + " elements of " + type + " on the heap";
  }
}
