package nn.cpu.sparse;

/**
 * For each patch of an image the channels that chose it, in their order. Channels whose value is 0
 * are left out.
 */
final class Choices {
  private int[] channels = {};
  private int[] ends = {};

  /** Makes room for so many patches of so many channels. */
  void reserve(int patches, int most) {
    if (ends.length < patches) {
      ends = new int[patches];
    }
    if (channels.length < patches * most) {
      channels = new int[patches * most];
    }
  }

  /** A row for each patch, as long as there are channels. */
  int[] channels() {
    return channels;
  }

  /** Where what is in use of each row ends. */
  int[] ends() {
    return ends;
  }

  /** Sorts an image's channels by what they chose. */
  void sort(SparseOperands of, int image, SparseTables tables) {
    for (int patch = 0; patch < tables.patches(); patch++) {
      ends[patch] = patch * of.channels();
    }
    int windows = tables.windows().length;
    int candidates = tables.candidates().length;
    for (int window = 0; window < windows; window++) {
      sort(of, (image * windows + window) * of.channels(), window * candidates);
    }
  }

  private void sort(SparseOperands of, int at, int firstPatch) {
    float[] values = of.values();
    byte[] choices = of.choices();
    int valuesAt = of.valuesAt() + at;
    int choicesAt = of.choicesAt() + at;
    int count = of.channels();
    for (int channel = 0; channel < count; channel++) {
      int patch = firstPatch + (choices[choicesAt + channel] & 0xff);
      int end = ends[patch];
      channels[end] = channel;
      ends[patch] = end + isNonZero(values[valuesAt + channel]);
    }
  }

  /** 1 or 0, without a branch, which nothing could predict. */
  private static int isNonZero(float value) {
    int magnitude = Float.floatToRawIntBits(value) & Integer.MAX_VALUE;
    return -magnitude >>> 31;
  }
}
