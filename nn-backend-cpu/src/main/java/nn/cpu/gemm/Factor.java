package nn.cpu.gemm;

import nn.backend.Operand;
import nn.cpu.Place;

/**
 * A factor of a product as the loops see it: lines (rows of A, columns of B) of terms that are
 * summed over.
 *
 * @param array float[], or short[] of BF16
 * @param place where the first term of the first line lies
 * @param lineStride from a line to the next
 * @param termStride from a term to the next
 */
record Factor(Object array, Place place, int lineStride, int termStride) {

  /** A, whose lines are rows. */
  static Factor ofRows(Operand a) {
    return of(a, 0);
  }

  /** B, whose lines are columns. */
  static Factor ofColumns(Operand b) {
    return of(b, 1);
  }

  private static Factor of(Operand operand, int lineAxis) {
    int lines = operand.shape().dim(lineAxis);
    int lineStride = lines == 1 ? 1 : operand.layout().stride(lineAxis);
    int termStride = operand.layout().stride(1 - lineAxis);
    return new Factor(Place.array(operand), Place.of(operand), lineStride, termStride);
  }

  /** Whether for each term the lines lie side by side, so that vectors of lines can be read. */
  boolean isSideBySide() {
    return lineStride == 1 && array instanceof float[];
  }

  /** Whether the terms of each line follow one another. */
  boolean isByLines() {
    return termStride == 1 && array instanceof float[];
  }
}
