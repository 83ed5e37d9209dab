package nn.cpu.sparse;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import nn.cpu.codegen.Species;

/** For each value of an image where the patch begins that it chose, in a thread's memory. */
final class Patches {
  private int[] places = {};

  /** Makes room for so many values. */
  void reserve(int values) {
    if (places.length < values + Species.LANES) {
      places = new int[values + Species.LANES];
    }
  }

  /** For each window a row, as long as there are channels. */
  int[] places() {
    return places;
  }

  /**
   * Where candidates' patches begin, as {@link #find} needs it: with room for a vector.
   *
   * @param step from an element of the image to the next one in the thread's memory
   */
  static int[] table(int[] candidates, int step) {
    int[] table = new int[Math.max(candidates.length, Species.LANES)];
    Arrays.setAll(table, i -> i < candidates.length ? candidates[i] * step : 0);
    return table;
  }

  /**
   * Looks up the patches of some channels, and on to the end of a vector behind the last one.
   *
   * @param choices of the first window and channel 0 at {@code at}
   * @param channels of a window
   * @param windows where their first patches begin
   * @param table says where each candidate's patch begins, from the window's first patch on
   */
  void find(
      byte[] choices, int at, int channels, int[] windows, int[] table, int channel, int end) {
    if (table.length > Species.LANES || !Species.BYTES_MATCH) {
      findOneByOne(choices, at, channels, windows, table, channel, end);
      return;
    }
    IntVector candidates = IntVector.fromArray(Species.INTS, table, 0);
    for (int window = 0; window < windows.length; window++) {
      int row = window * channels;
      for (int i = row + channel; i < row + end; i += Species.LANES) {
        IntVector chosen =
            (IntVector)
                ByteVector.fromArray(Species.BYTES, choices, at + i)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, Species.INTS, 0);
        candidates.rearrange(chosen.toShuffle()).add(windows[window]).intoArray(places, i);
      }
    }
  }

  private void findOneByOne(
      byte[] choices, int at, int channels, int[] windows, int[] table, int channel, int end) {
    for (int window = 0; window < windows.length; window++) {
      int row = window * channels;
      for (int i = row + channel; i < row + end; i++) {
        places[i] = windows[window] + table[choices[at + i] & 0xff];
      }
    }
  }
}
