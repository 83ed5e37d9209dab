package nn.cpu.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import nn.cpu.codegen.Species;

/**
 * Puts eight lines of consecutive terms side by side, by three rounds of perfect shuffles of
 * vectors: each round interleaves the first half of the vectors with the second.
 *
 * <p>For 16 lanes: with fewer, moving single elements is as fast. The two halves of the result are
 * made by a call each, as C1 would run out of virtual registers, and a method that C1 gives up may
 * never reach C2.
 */
final class Transposition {
  /** The lines of a group. */
  static final int LINES = 8;

  private static final VectorSpecies<Float> FLOATS = Species.FLOATS;
  private static final int LANES = Species.LANES;
  private static final FloatVector FIRST = interleaving(0);
  private static final FloatVector SECOND = interleaving(LANES / 2);
  private static final VectorMask<Float> LOWER = FLOATS.indexInRange(0, LINES);
  private static final VectorMask<Float> UPPER = LOWER.not();

  private Transposition() {}

  /** Whether this is worth calling. */
  static boolean isFast() {
    return LANES == 2 * LINES;
  }

  /** Lanes of a and b in turn, from a given lane on. */
  private static FloatVector interleaving(int from) {
    float[] lanes = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = (i & 1) * LANES + from + i / 2;
    }
    return FloatVector.fromArray(FLOATS, lanes, 0);
  }

  /**
   * Writes term p of line i to {@code panelAt + i + p * step} for eight lines and all terms but the
   * last {@code terms % LANES}.
   *
   * @param last the last line there is, which also takes the place of those after it
   */
  static void run(
      float[] array,
      int at,
      int lineStride,
      int last,
      int terms,
      float[] panel,
      int panelAt,
      int step) {
    int half = LANES / 2 * step;
    for (int p = 0; p + LANES <= terms; p += LANES) {
      int to = panelAt + p * step;
      half(array, at + p, lineStride, last, FIRST, panel, to, step);
      half(array, at + p, lineStride, last, SECOND, panel, to + half, step);
    }
  }

  private static void half(
      float[] array,
      int at,
      int lineStride,
      int last,
      FloatVector which,
      float[] panel,
      int to,
      int step) {
    FloatVector a = pair(array, at, lineStride, last, 0, which);
    FloatVector b = pair(array, at, lineStride, last, 1, which);
    FloatVector c = pair(array, at, lineStride, last, 2, which);
    FloatVector d = pair(array, at, lineStride, last, 3, which);
    FloatVector even = FIRST.selectFrom(a, c);
    FloatVector odd = FIRST.selectFrom(b, d);
    store(FIRST.selectFrom(even, odd), panel, to, step);
    store(SECOND.selectFrom(even, odd), panel, to + 2 * step, step);
    even = SECOND.selectFrom(a, c);
    odd = SECOND.selectFrom(b, d);
    store(FIRST.selectFrom(even, odd), panel, to + 4 * step, step);
    store(SECOND.selectFrom(even, odd), panel, to + 6 * step, step);
  }

  /** Lines i and i + 4 in turn. */
  private static FloatVector pair(
      float[] array, int at, int lineStride, int last, int i, FloatVector which) {
    FloatVector line = FloatVector.fromArray(FLOATS, array, at + Math.min(i, last) * lineStride);
    FloatVector other =
        FloatVector.fromArray(FLOATS, array, at + Math.min(i + 4, last) * lineStride);
    return which.selectFrom(line, other);
  }

  /** Stores two terms of eight lines. */
  private static void store(FloatVector terms, float[] panel, int to, int step) {
    if (step == LINES) {
      terms.intoArray(panel, to);
    } else {
      terms.intoArray(panel, to, LOWER);
      terms.intoArray(panel, to + step - LINES, UPPER);
    }
  }
}
