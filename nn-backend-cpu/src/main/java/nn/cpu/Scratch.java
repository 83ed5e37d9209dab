package nn.cpu;

import nn.cpu.codegen.Species;

/**
 * An array of one thread's own that grows when a command is bound, and never while one runs. A
 * vector that begins at its last element in use lies within it, as in a {@link CpuBuffer}.
 */
public final class Scratch {
  /**
   * Bytes that the garbage collector G1 puts at the beginning of a region of their own, where it
   * has regions of a megabyte, which the launcher asks for.
   */
  static final int LARGE_BYTES = 1 << 19;

  /**
   * Bytes of an array before the first element that is used. In such an array it begins a line of
   * the cache, behind 16 bytes of the array's own; a vector that lies across two lines takes two
   * accesses.
   */
  static final int LEAD_BYTES = 48;

  /** The first element that is used. */
  public static final int FIRST = LEAD_BYTES / Float.BYTES;

  private float[] array = {};

  /** The array, until more is reserved. */
  public float[] array() {
    return array;
  }

  /** Makes room for so many elements from the first on. */
  public void reserve(int length) {
    int needed = FIRST + length + Species.LANES;
    if (array.length < needed) {
      array = new float[Math.max(LARGE_BYTES / Float.BYTES, needed)];
    }
  }
}
