package nn.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An array with a name, as a safetensors file holds it. Two are equal where name, type, shape and
 * every bit of the elements are.
 *
 * @param name unique within a file
 * @param type of the elements
 * @param shape none negative; empty for a single element
 * @param data the elements in row order, little-endian; neither copied nor to be written to
 */
public record NamedArray(String name, Type type, List<Integer> shape, ByteBuffer data) {

  /** The element types of safetensors, and the bytes of one element. */
  public enum Type {
    /** IEEE 754 binary64. */
    F64(8),
    /** 64-bit signed integer. */
    I64(8),
    /** IEEE 754 binary32. */
    F32(4),
    /** 32-bit signed integer. */
    I32(4),
    /** The upper half of an F32. */
    BF16(2),
    /** IEEE 754 binary16. */
    F16(2),
    /** 16-bit signed integer. */
    I16(2),
    /** Signed byte. */
    I8(1),
    /** Unsigned byte. */
    U8(1),
    /** 0 or 1. */
    BOOL(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
      return bytes;
    }
  }

  /** Checks that the data are as long as type and shape say. */
  public NamedArray {
    shape = List.copyOf(shape);
    data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long length = type.bytes();
    for (int dim : shape) {
      if (dim < 0) {
        throw new IllegalArgumentException(name + ": negative dimension in " + shape);
      }
      length = Math.multiplyExact(length, dim);
    }
    if (length != data.remaining()) {
      throw new IllegalArgumentException(
          "%s: %s %s takes %d bytes, not %d"
              .formatted(name, type, shape, length, data.remaining()));
    }
  }

  /** The elements in row order, little-endian, read-only, from its first byte on. */
  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Number of elements. */
  public int size() {
    return data.remaining() / type.bytes();
  }

  /** An F32 array. */
  public static NamedArray of(String name, float[] values, int... shape) {
    ByteBuffer data = allocate(Type.F32, values.length);
    data.asFloatBuffer().put(values);
    return new NamedArray(name, Type.F32, list(shape), data);
  }

  /** An F64 array. */
  public static NamedArray of(String name, double[] values, int... shape) {
    ByteBuffer data = allocate(Type.F64, values.length);
    data.asDoubleBuffer().put(values);
    return new NamedArray(name, Type.F64, list(shape), data);
  }

  /** An I32 array. */
  public static NamedArray of(String name, int[] values, int... shape) {
    ByteBuffer data = allocate(Type.I32, values.length);
    data.asIntBuffer().put(values);
    return new NamedArray(name, Type.I32, list(shape), data);
  }

  /** A U8 array. */
  public static NamedArray ofU8(String name, byte[] values, int... shape) {
    return new NamedArray(name, Type.U8, list(shape), ByteBuffer.wrap(values.clone()));
  }

  /** A BF16 array of bit patterns. */
  public static NamedArray ofBf16(String name, short[] bits, int... shape) {
    ByteBuffer data = allocate(Type.BF16, bits.length);
    data.asShortBuffer().put(bits);
    return new NamedArray(name, Type.BF16, list(shape), data);
  }

  /**
   * The elements of an F32 or BF16 array, exactly.
   *
   * @throws IllegalStateException for every other type
   */
  public float[] toFloats() {
    ByteBuffer from = data();
    float[] values = new float[size()];
    switch (type) {
      case F32 -> from.asFloatBuffer().get(values);
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(from.getShort() << 16);
        }
      }
      default -> throw new IllegalStateException(name + " is " + type + ", not F32 or BF16");
    }
    return values;
  }

  /**
   * The elements of an F64, F32 or BF16 array, exactly.
   *
   * @throws IllegalStateException for every other type
   */
  public double[] toDoubles() {
    double[] values = new double[size()];
    if (type == Type.F64) {
      data().asDoubleBuffer().get(values);
    } else {
      float[] floats = toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    }
    return values;
  }

  /**
   * The elements of an I32 or U8 array.
   *
   * @throws IllegalStateException for every other type
   */
  public int[] toInts() {
    ByteBuffer from = data();
    int[] values = new int[size()];
    switch (type) {
      case I32 -> from.asIntBuffer().get(values);
      case U8 -> Arrays.setAll(values, i -> Byte.toUnsignedInt(from.get(i)));
      default -> throw new IllegalStateException(name + " is " + type + ", not I32 or U8");
    }
    return values;
  }

  private static ByteBuffer allocate(Type type, int size) {
    return ByteBuffer.allocate(Math.multiplyExact(type.bytes(), size))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Integer> list(int[] shape) {
    return IntStream.of(shape).boxed().collect(Collectors.toUnmodifiableList());
  }

  @Override
  public String toString() {
    return name + ": " + type + " " + shape;
  }
}
