package nn.cpu.codegen;

/** Loads and stores lane by lane, as bits, where the Vector API has no good ones. */
public final class Lanes {
  private Lanes() {}

  /** Reads unsigned bytes. */
  public static void gather(byte[] from, int offset, int stride, int count, int[] lanes) {
    for (int i = 0; i < count; i++) {
      lanes[i] = from[offset + i * stride] & 0xff;
    }
  }

  /** Reads the bits of shorts. */
  public static void gather(short[] from, int offset, int stride, int count, int[] lanes) {
    for (int i = 0; i < count; i++) {
      lanes[i] = from[offset + i * stride];
    }
  }

  /** Reads integers. */
  public static void gather(int[] from, int offset, int stride, int count, int[] lanes) {
    for (int i = 0; i < count; i++) {
      lanes[i] = from[offset + i * stride];
    }
  }

  /** Reads the bits of real numbers. */
  public static void gather(float[] from, int offset, int stride, int count, int[] lanes) {
    for (int i = 0; i < count; i++) {
      lanes[i] = Float.floatToRawIntBits(from[offset + i * stride]);
    }
  }

  /** Writes integers. */
  public static void scatter(int[] lanes, int count, int[] to, int offset, int stride) {
    for (int i = 0; i < count; i++) {
      to[offset + i * stride] = lanes[i];
    }
  }

  /** Writes real numbers from their bits. */
  public static void scatter(int[] lanes, int count, float[] to, int offset, int stride) {
    for (int i = 0; i < count; i++) {
      to[offset + i * stride] = Float.intBitsToFloat(lanes[i]);
    }
  }

  /** Writes the lowest byte of each lane. */
  public static void scatter(int[] lanes, int count, byte[] to, int offset, int stride) {
    for (int i = 0; i < count; i++) {
      to[offset + i * stride] = (byte) lanes[i];
    }
  }

  /** Writes the lower half of each lane. */
  public static void scatter(int[] lanes, int count, short[] to, int offset, int stride) {
    for (int i = 0; i < count; i++) {
      to[offset + i * stride] = (short) lanes[i];
    }
  }
}
