package nn.cpu.gemm;

import jdk.incubator.vector.FloatVector;
import nn.cpu.codegen.Species;

/**
 * Copies some terms of some lines of a factor into a panel: for each term the lines side by side,
 * term p of line i at {@code i + p * step}. What fills the panel up to the step is of no
 * consequence.
 */
final class Packing {
  private static final int LANES = Species.LANES;

  private final float[] transposed = new float[2 * Transposition.BLOCK];

  /**
   * Packs a panel.
   *
   * @param at where the first line's first term lies
   * @param step at least the number of lines
   */
  void pack(Factor from, int at, int lines, int terms, float[] panel, int panelAt, int step) {
    if (from.array() instanceof float[] array) {
      if (from.lineStride() == 1) {
        copy(array, at, from.termStride(), lines, terms, panel, panelAt, step);
      } else {
        transpose(array, at, from, lines, terms, panel, panelAt, step);
      }
    } else {
      widen((short[]) from.array(), at, from, lines, terms, panel, panelAt, step);
    }
  }

  /**
   * Copies lines that lie side by side, whole vectors at a time: what one writes beyond the lines
   * the next overwrites, but for the last few terms.
   */
  private static void copy(
      float[] array,
      int at,
      int termStride,
      int lines,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    int overlapping = Math.max(0, terms - Math.ceilDiv(LANES, step));
    for (int p = 0; p < overlapping; p++) {
      int from = at + p * termStride;
      int to = panelAt + p * step;
      for (int i = 0; i < lines; i += LANES) {
        FloatVector.fromArray(Species.FLOATS, array, from + i).intoArray(panel, to + i);
      }
    }
    for (int p = overlapping; p < terms; p++) {
      int from = at + p * termStride;
      int to = panelAt + p * step;
      int i = 0;
      for (; i + LANES <= lines; i += LANES) {
        FloatVector.fromArray(Species.FLOATS, array, from + i).intoArray(panel, to + i);
      }
      for (; i < lines; i++) {
        panel[to + i] = array[from + i];
      }
    }
  }

  private void transpose(
      float[] array,
      int at,
      Factor factor,
      int lines,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    int lineStride = factor.lineStride();
    int termStride = factor.termStride();
    int group = Transposition.LINES;
    boolean fast =
        Transposition.isFast() && termStride == 1 && (step == group || step % (2 * group) == 0);
    int done = fast ? terms - terms % LANES : 0;
    for (int i = 0; i < lines; i += Math.min(step, 2 * group)) {
      for (int p = 0; p < done; p += LANES) {
        int from = at + i * lineStride + p;
        int to = panelAt + i + p * step;
        int last = lines - 1 - i;
        if (step == group) {
          Transposition.run(array, from, lineStride, last, panel, to);
        } else {
          twice(array, from, lineStride, last);
          Transposition.spread(transposed, panel, to, step);
        }
      }
    }
    for (int i = 0; i < lines; i += 4) {
      four(
          array,
          at + i * lineStride + done * termStride,
          Math.min(4, lines - i),
          lineStride,
          termStride,
          terms - done,
          panel,
          panelAt + i + done * step,
          step);
    }
  }

  /** Two groups of lines; a second one that is not there leaves what was there before. */
  private void twice(float[] array, int at, int lineStride, int last) {
    Transposition.run(array, at, lineStride, last, transposed, 0);
    int lines = Transposition.LINES;
    if (last >= lines) {
      int second = at + lines * lineStride;
      Transposition.run(array, second, lineStride, last - lines, transposed, Transposition.BLOCK);
    }
  }

  /** At most four lines, which share their loop. */
  private static void four(
      float[] array,
      int at,
      int lines,
      int lineStride,
      int termStride,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    if (lines == 4) {
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
    } else {
      for (int p = 0; p < terms; p++) {
        for (int i = 0; i < lines; i++) {
          panel[panelAt + i + p * step] = array[at + i * lineStride + p * termStride];
        }
      }
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
}
