package nn.backend.reference;

import java.lang.foreign.MemorySegment;
import nn.backend.BFloat16;
import nn.backend.Buffer;
import nn.backend.DType;
import org.jspecify.annotations.Nullable;

/** An array of the type's own Java type, read and written as doubles. */
final class ReferenceBuffer implements Buffer {
  private final @Nullable ReferenceBackend owner;
  private final DType type;
  private final int length;
  private Object array;
  private boolean freed;

  ReferenceBuffer(ReferenceBackend owner, DType type, int length) {
    this.owner = owner;
    this.type = type;
    this.length = length;
    this.array = zeros(type, length);
  }

  private ReferenceBuffer(double[] values) {
    owner = null;
    type = DType.F64;
    length = values.length;
    array = values;
  }

  /** These very values as a buffer, for results on their way. */
  static ReferenceBuffer over(double[] values) {
    return new ReferenceBuffer(values);
  }

  private static Object zeros(DType type, int length) {
    return switch (type) {
      case F64 -> new double[length];
      case F32 -> new float[length];
      case BF16 -> new short[length];
      case I32 -> new int[length];
      case U8 -> new byte[length];
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

  double get(int i) {
    return switch (type) {
      case F64 -> ((double[]) array)[i];
      case F32 -> ((float[]) array)[i];
      case BF16 -> BFloat16.toFloat(((short[]) array)[i]);
      case I32 -> ((int[]) array)[i];
      case U8 -> ((byte[]) array)[i] & 0xff;
    };
  }

  void set(int i, double value) {
    switch (type) {
      case F64 -> ((double[]) array)[i] = value;
      case F32 -> ((float[]) array)[i] = (float) value;
      case BF16 -> ((short[]) array)[i] = BFloat16.of((float) value);
      case I32 -> ((int[]) array)[i] = (int) value;
      case U8 -> ((byte[]) array)[i] = (byte) (int) value;
    }
  }

  /** The memory of some elements. */
  MemorySegment segment(int offset, long bytes) {
    MemorySegment whole =
        switch (array) {
          case double[] a -> MemorySegment.ofArray(a);
          case float[] a -> MemorySegment.ofArray(a);
          case short[] a -> MemorySegment.ofArray(a);
          case int[] a -> MemorySegment.ofArray(a);
          default -> MemorySegment.ofArray((byte[]) array);
        };
    return whole.asSlice((long) offset * type.bytes(), bytes);
  }

  boolean belongsTo(ReferenceBackend backend) {
    return owner == backend;
  }

  boolean isFreed() {
    return freed;
  }

  void free() {
    freed = true;
    array = zeros(type, 0);
  }

  @Override
  public String toString() {
    return type + "[" + length + "]";
  }
}
