package nn.cpu.sparse;

import java.util.ArrayList;
import java.util.List;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.SparseGemm;
import nn.cpu.CpuBuffer;
import nn.cpu.codegen.Species;

/**
 * Where things lie in an image, counted from its first element.
 *
 * @param windows where each window begins
 * @param taps where each candidate of a window lies
 * @param distances where each vector of terms lies
 * @param terms the number of each vector's first term
 * @param counts how many terms each vector has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SparseTables(int[] windows, int[] taps, int[] distances, int[] terms, int[] counts) {

  static SparseTables of(SparseGemm sparse) {
    Layout view = sparse.view().layout();
    int rank = view.shape().rank();
    int firstTap = sparse.windowAxes();
    int firstTerm = rank - sparse.termAxes();
    int[] windows = offsets(view, 1, firstTap);
    int origin = view.offset() - sparse.images().layout().offset();
    for (int i = 0; i < windows.length; i++) {
      windows[i] += origin;
    }
    int[] terms = offsets(view, firstTerm, rank);
    return vectors(windows, offsets(view, firstTap, firstTerm), terms);
  }

  /** Cuts the terms into vectors of those that follow one another. */
  private static SparseTables vectors(int[] windows, int[] taps, int[] terms) {
    List<Integer> first = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < terms.length; ) {
      int n = 1;
      while (n < Species.LANES && i + n < terms.length && terms[i + n] == terms[i] + n) {
        n++;
      }
      first.add(i);
      counts.add(n);
      i += n;
    }
    return new SparseTables(
        windows,
        taps,
        first.stream().mapToInt(i -> terms[i]).toArray(),
        first.stream().mapToInt(i -> i).toArray(),
        counts.stream().mapToInt(i -> i).toArray());
  }

  /** Where the elements lie that some axes reach, in row-major order. */
  private static int[] offsets(Layout layout, int from, int to) {
    int[] offsets = {0};
    for (int axis = from; axis < to; axis++) {
      int extent = layout.shape().dim(axis);
      int[] next = new int[offsets.length * extent];
      for (int i = 0; i < next.length; i++) {
        next[i] = offsets[i / extent] + i % extent * layout.stride(axis);
      }
      offsets = next;
    }
    return offsets;
  }

  /** Elements that a channel's terms take, in whole vectors. */
  int columns() {
    return distances.length * Species.LANES;
  }

  /** Whether a product can be computed with such tables. */
  static boolean suit(SparseGemm sparse) {
    boolean real =
        List.of(sparse.images(), sparse.values(), sparse.matrix()).stream()
            .allMatch(o -> o.type() == DType.F32);
    boolean dense =
        sparse.values().layout().isContiguous() && sparse.choices().layout().isContiguous();
    int size = sparse.images().shape().size();
    return real
        && dense
        && sparse.choices().type() == DType.U8
        && size > 0
        && sparse.view().shape().size() > 0
        && sparse.view().layout().stride(0) == size / sparse.images().shape().dim(0);
  }

  static Object array(Operand operand) {
    if (operand.buffer() instanceof CpuBuffer mine) {
      return mine.array();
    }
    throw new IllegalArgumentException(
        "the buffer " + operand.buffer() + " belongs to another backend");
  }
}
