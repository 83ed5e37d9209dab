package nn.cpu.gemm;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.cpu.Place;
import nn.cpu.gemm.MicroKernelShape.Order;

/**
 * A factor A whose rows or terms run over several axes, such as a view of windows, as tables of
 * where they lie. The innermost rows, which lie evenly, are a line; the innermost terms, as many as
 * are added in one go, have a table of runs that is the same in every go.
 *
 * @param array the memory
 * @param place where the first term of the first row lies
 * @param lines where each line begins, from the first on
 * @param rowsOfLine rows of a line
 * @param rowStep from a row of a line to the next
 * @param goes where each go begins, from the first on
 * @param runs where the runs of terms of a go begin, from the first on
 * @param termsOfRun terms of a run, which follow one another
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Folded(
    float[] array,
    Place place,
    int[] lines,
    int rowsOfLine,
    int rowStep,
    int[] goes,
    int[] runs,
    int termsOfRun) {
  private static final int[] ONE = {0};

  /** An axis, or several that are walked as one. */
  private record Axis(int extent, int stride) {}

  /**
   * The factor of a product.
   *
   * @param mostTerms of a go, unless the innermost axis alone has more
   */
  static Folded of(Gemm gemm, int mostTerms) {
    Layout layout = gemm.a().layout();
    List<Axis> rows = axes(layout, 0, gemm.rowAxes());
    Axis line = rows.isEmpty() ? new Axis(1, 1) : rows.removeLast();
    List<Axis> terms = axes(layout, gemm.rowAxes(), layout.shape().rank());
    List<Axis> inner = new ArrayList<>();
    long count = 1;
    boolean none = gemm.k() == 0;
    while (!terms.isEmpty()
        && (none || inner.isEmpty() || count * terms.getLast().extent <= mostTerms)) {
      inner.addFirst(terms.removeLast());
      count *= inner.getFirst().extent;
    }
    // rows side by side are read term by term, others run by run
    boolean inRuns = line.stride != 1 && !inner.isEmpty() && inner.getLast().stride == 1;
    int termsOfRun = inRuns ? inner.removeLast().extent : 1;
    return new Folded(
        (float[]) Place.array(gemm.a()),
        Place.of(gemm.a()),
        offsets(rows),
        line.extent,
        line.stride,
        offsets(terms),
        offsets(inner),
        termsOfRun);
  }

  /** Some axes of a layout, outermost first, as few as can be. */
  private static List<Axis> axes(Layout layout, int from, int to) {
    List<Axis> axes = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Axis axis = new Axis(layout.shape().dim(i), layout.stride(i));
      Axis outer = axes.isEmpty() ? null : axes.getLast();
      if (outer != null && outer.stride == axis.stride * axis.extent) {
        axes.set(axes.size() - 1, new Axis(outer.extent * axis.extent, axis.stride));
      } else if (axis.extent != 1) {
        axes.add(axis);
      }
    }
    return axes;
  }

  /** Where the elements lie that these axes reach, in row-major order. */
  private static int[] offsets(List<Axis> axes) {
    int[] offsets = ONE;
    for (Axis axis : axes) {
      int[] next = new int[offsets.length * axis.extent];
      for (int i = 0; i < next.length; i++) {
        next[i] = offsets[i / axis.extent] + i % axis.extent * axis.stride;
      }
      offsets = next;
    }
    return offsets;
  }

  /** The terms of a go. */
  int termsOfGo() {
    return runs.length * termsOfRun;
  }

  Order order() {
    return rowStep == 1 ? Order.COLUMNS_BY_TABLE : Order.ROWS_BY_RUNS;
  }
}
