package nn.backend;

/** The upper half of an IEEE single, as the bits of a short. */
public final class BFloat16 {
  private static final int QUIET_NAN = 0x7fc0;

  private BFloat16() {}

  /** The nearest value, ties to even; NaN stays NaN. */
  public static short of(float value) {
    if (Float.isNaN(value)) {
      return QUIET_NAN;
    }
    int bits = Float.floatToRawIntBits(value);
    int even = bits >>> 16 & 1;
    return (short) (bits + 0x7fff + even >>> 16);
  }

  /** The value, exactly. */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
