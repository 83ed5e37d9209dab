package nn.cpu.codegen;

/** Lane-by-lane loads and stores where the Vector API has no good ones: narrow elements with gaps. */
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
