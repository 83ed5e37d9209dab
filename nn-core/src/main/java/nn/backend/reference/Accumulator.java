package nn.backend.reference;

import java.util.Arrays;
import nn.backend.Addresses;
import nn.backend.Combiner;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;

/**
 * Combines the values that fall on each element of a reduction's result, in the order in which they
 * come.
 */
final class Accumulator implements Target {
  private final Combiner combiner;
  private final double[] combined;
  private final double[] winner;
  private final int[] count;
  private final Addresses cells;
  private int row;

  /** Combines values over a space into a result that has extent 1 along the axes combined over. */
  Accumulator(Combiner combiner, Shape space, Shape result) {
    this.combiner = combiner;
    combined = new double[result.size()];
    winner = new double[result.size()];
    count = new int[result.size()];
    Arrays.fill(combined, start(combiner));
    Layout layout = Layout.contiguous(result, 0).broadcastTo(space);
    Operand stretched = Operand.of(ReferenceBuffer.over(combined), layout);
    cells = Addresses.of(stretched, (buffer, i) -> 0);
  }

  private static double start(Combiner combiner) {
    return switch (combiner) {
      case SUM -> 0;
      case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  @Override
  public void row(int[] coordinates) {
    row = cells.row(coordinates);
  }

  @Override
  public void put(int coordinate, double value) {
    int i = row + cells.along(coordinate);
    switch (combiner) {
      case SUM -> combined[i] += value;
      case MAX -> combined[i] = Math.max(combined[i], value);
      case MIN -> combined[i] = Math.min(combined[i], value);
      case ARGMAX -> compete(i, value);
    }
    count[i]++;
  }

  private void compete(int i, double value) {
    boolean firstNaN = Double.isNaN(value) && !Double.isNaN(combined[i]);
    if (value > combined[i] || firstNaN) {
      combined[i] = value;
      winner[i] = count[i];
    }
  }

  /** The results in row-major order. */
  double[] results() {
    return combiner == Combiner.ARGMAX ? winner : combined;
  }
}
