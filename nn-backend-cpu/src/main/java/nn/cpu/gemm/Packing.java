package nn.cpu.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import nn.cpu.codegen.Species;

/**
 * Copies some terms of some lines of a factor into a panel: for each term the lines side by side,
 * term p of line i at {@code i + p * step}. Lines up to the step are filled with zeros.
 */
final class Packing {
  private static final int LANES = Species.LANES;

  private Packing() {}

  /**
   * Packs a panel.
   *
   * @param at where the first line's first term lies
   * @param step at least the number of lines
   */
  static void pack(
      Factor from, int at, int lines, int terms, float[] panel, int panelAt, int step) {
    if (from.array() instanceof float[] array) {
      if (from.lineStride() == 1) {
        copy(array, at, from.termStride(), lines, terms, panel, panelAt, step);
        return;
      }
      transpose(array, at, from, lines, terms, panel, panelAt, step);
    } else {
      widen((short[]) from.array(), at, from, lines, terms, panel, panelAt, step);
    }
    for (int i = lines; i < step; i++) {
      clear(terms, panel, panelAt + i, step);
    }
  }

  private static void copy(
      float[] array,
      int at,
      int termStride,
      int lines,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    for (int i = 0; i < step; i += LANES) {
      VectorMask<Float> read = Species.FLOATS.indexInRange(i, lines);
      VectorMask<Float> write = Species.FLOATS.indexInRange(i, step);
      for (int p = 0; p < terms; p++) {
        FloatVector.fromArray(Species.FLOATS, array, at + i + p * termStride, read)
            .intoArray(panel, panelAt + i + p * step, write);
      }
    }
  }

  private static void transpose(
      float[] array,
      int at,
      Factor from,
      int lines,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    int i = 0;
    for (; i + 4 <= lines; i += 4) {
      four(
          array,
          at + i * from.lineStride(),
          from.lineStride(),
          from.termStride(),
          terms,
          panel,
          panelAt + i,
          step);
    }
    for (; i < lines; i++) {
      one(array, at + i * from.lineStride(), from.termStride(), terms, panel, panelAt + i, step);
    }
  }

  private static void four(
      float[] array,
      int at,
      int lineStride,
      int termStride,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    int second = at + lineStride;
    int third = second + lineStride;
    int fourth = third + lineStride;
    for (int p = 0; p < terms; p++) {
      int term = p * termStride;
      int to = panelAt + p * step;
      panel[to] = array[at + term];
      panel[to + 1] = array[second + term];
      panel[to + 2] = array[third + term];
      panel[to + 3] = array[fourth + term];
    }
  }

  private static void one(
      float[] array, int at, int termStride, int terms, float[] panel, int panelAt, int step) {
    for (int p = 0; p < terms; p++) {
      panel[panelAt + p * step] = array[at + p * termStride];
    }
  }

  private static void widen(
      short[] array,
      int at,
      Factor from,
      int lines,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    for (int p = 0; p < terms; p++) {
      for (int i = 0; i < lines; i++) {
        int bits = array[at + i * from.lineStride() + p * from.termStride()] << 16;
        panel[panelAt + i + p * step] = Float.intBitsToFloat(bits);
      }
    }
  }

  private static void clear(int terms, float[] panel, int panelAt, int step) {
    for (int p = 0; p < terms; p++) {
      panel[panelAt + p * step] = 0;
    }
  }
}
