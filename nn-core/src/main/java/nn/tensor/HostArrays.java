package nn.tensor;

import java.lang.foreign.MemorySegment;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Operand;

/** Conversion between doubles on the host and the elements of buffers. */
final class HostArrays {
  private HostArrays() {}

  /** The values as they are stored in a buffer of a real type. */
  static MemorySegment of(DType type, double[] values) {
    return switch (type) {
      case F64 -> MemorySegment.ofArray(values);
      case F32 -> {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
          floats[i] = (float) values[i];
        }
        yield MemorySegment.ofArray(floats);
      }
      case BF16, I32, U8 ->
          throw new IllegalArgumentException("real values are written as F64 or F32, not " + type);
    };
  }

  /** A contiguous operand's values. */
  static double[] read(Backend backend, Operand operand) {
    int n = operand.shape().size();
    int offset = operand.layout().offset();
    double[] values = new double[n];
    switch (operand.type()) {
      case F64 -> backend.read(operand.buffer(), offset, MemorySegment.ofArray(values));
      case F32 -> {
        float[] floats = new float[n];
        backend.read(operand.buffer(), offset, MemorySegment.ofArray(floats));
        for (int i = 0; i < n; i++) {
          values[i] = floats[i];
        }
      }
      case BF16 -> {
        short[] halves = new short[n];
        backend.read(operand.buffer(), offset, MemorySegment.ofArray(halves));
        for (int i = 0; i < n; i++) {
          values[i] = Float.intBitsToFloat(halves[i] << 16);
        }
      }
      case I32 -> {
        int[] ints = new int[n];
        backend.read(operand.buffer(), offset, MemorySegment.ofArray(ints));
        for (int i = 0; i < n; i++) {
          values[i] = ints[i];
        }
      }
      case U8 -> {
        byte[] bytes = new byte[n];
        backend.read(operand.buffer(), offset, MemorySegment.ofArray(bytes));
        for (int i = 0; i < n; i++) {
          values[i] = bytes[i] & 0xFF;
        }
      }
    }
    return values;
  }
}
