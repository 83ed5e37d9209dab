package nn.cpu.sparse;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import nn.cpu.codegen.Species;

/** For each channel the windows of which it has values other than 0: a bit for each. */
final class NonZeros {
  /** As many windows as there are bits. */
  static final int MOST_WINDOWS = Integer.SIZE;

  /** Behind a thread's own bits, two lines of the cache that no other thread's objects begin in. */
  private static final int APART = 32;

  private int[] bits = {};

  /** Makes room for so many channels. */
  void reserve(int channels) {
    int needed = channels + Species.LANES + APART;
    if (bits.length < needed) {
      bits = new int[needed];
    }
  }

  /** For each channel its windows, from the lowest bit on. */
  int[] bits() {
    return bits;
  }

  /**
   * Looks at some channels of some windows, and on to the end of a vector behind the last channel.
   * A value's magnitude, as bits, is 0 or a positive number, of which the negative has a sign.
   *
   * @param values of the first window and channel 0 at {@code at}
   * @param windows at most {@link #MOST_WINDOWS}
   * @param step from a window's values to the next one's
   */
  void find(float[] values, int at, int windows, int step, int channel, int endChannel) {
    for (int c = channel; c < endChannel; c += Species.LANES) {
      IntVector found = IntVector.zero(Species.INTS);
      for (int window = windows - 1; window >= 0; window--) {
        found =
            FloatVector.fromArray(Species.FLOATS, values, at + window * step + c)
                .reinterpretAsInts()
                .and(Integer.MAX_VALUE)
                .neg()
                .lanewise(VectorOperators.LSHR, Integer.SIZE - 1)
                .or(found.lanewise(VectorOperators.LSHL, 1));
      }
      found.intoArray(bits, c);
    }
  }
}
