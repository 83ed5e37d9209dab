package nn.cpu.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import nn.cpu.codegen.Species;

/**
 * Puts eight lines of consecutive terms side by side, by three rounds of perfect shuffles of
 * vectors: each round interleaves the first half of the vectors with the second.
 *
 * <p>All in vectors of one width: where a process meets two, the profiles of the Vector API's own
 * methods name both, and C2 then makes objects of vectors in other kernels, too.
 *
 * <p>For 16 lanes: with fewer, moving single elements is as fast. The two halves of the result are
 * made by a call each, as C1 would run out of virtual registers, and a method that C1 gives up may
 * never reach C2.
 */
final class Transposition {
  /** The lines of a group. */
  static final int LINES = 8;

  /** The elements of a block: a vector of terms of each line. */
  static final int BLOCK = LINES * Species.LANES;

  private static final VectorSpecies<Float> FLOATS = Species.FLOATS;
  private static final int LANES = Species.LANES;
  private static final FloatVector FIRST = interleaving(0);
  private static final FloatVector SECOND = interleaving(LANES / 2);
  private static final FloatVector LOWER_HALVES = halves(0);
  private static final FloatVector UPPER_HALVES = halves(LANES / 2);

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

  /** A half of a's lanes, then the same half of b's. */
  private static FloatVector halves(int from) {
    float[] lanes = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = i < LANES / 2 ? from + i : LANES / 2 + from + i;
    }
    return FloatVector.fromArray(FLOATS, lanes, 0);
  }

  /**
   * Writes term p of line i to {@code to + i + 8 p} for eight lines and as many terms as a vector
   * has.
   *
   * @param last the last line there is, which also takes the place of those after it
   */
  static void run(float[] array, int at, int lineStride, int last, float[] panel, int to) {
    half(array, at, lineStride, last, FIRST, panel, to);
    half(array, at, lineStride, last, SECOND, panel, to + LANES / 2 * LINES);
  }

  /** Moves two such blocks, one after the other, side by side to a panel with so wide a step. */
  static void spread(float[] blocks, float[] panel, int to, int step) {
    for (int p = 0; p < LANES; p += 2) {
      FloatVector a = FloatVector.fromArray(FLOATS, blocks, p * LINES);
      FloatVector b = FloatVector.fromArray(FLOATS, blocks, p * LINES + BLOCK);
      LOWER_HALVES.selectFrom(a, b).intoArray(panel, to + p * step);
      UPPER_HALVES.selectFrom(a, b).intoArray(panel, to + (p + 1) * step);
    }
  }

  private static void half(
      float[] array, int at, int lineStride, int last, FloatVector which, float[] panel, int to) {
    FloatVector a = pair(array, at, lineStride, last, 0, which);
    FloatVector b = pair(array, at, lineStride, last, 1, which);
    FloatVector c = pair(array, at, lineStride, last, 2, which);
    FloatVector d = pair(array, at, lineStride, last, 3, which);
    FloatVector even = FIRST.selectFrom(a, c);
    FloatVector odd = FIRST.selectFrom(b, d);
    FIRST.selectFrom(even, odd).intoArray(panel, to);
    SECOND.selectFrom(even, odd).intoArray(panel, to + 2 * LINES);
    even = SECOND.selectFrom(a, c);
    odd = SECOND.selectFrom(b, d);
    FIRST.selectFrom(even, odd).intoArray(panel, to + 4 * LINES);
    SECOND.selectFrom(even, odd).intoArray(panel, to + 6 * LINES);
  }

  /** Lines i and i + 4 in turn. */
  private static FloatVector pair(
      float[] array, int at, int lineStride, int last, int i, FloatVector which) {
    FloatVector line = FloatVector.fromArray(FLOATS, array, at + Math.min(i, last) * lineStride);
    FloatVector other =
        FloatVector.fromArray(FLOATS, array, at + Math.min(i + 4, last) * lineStride);
    return which.selectFrom(line, other);
  }
}
