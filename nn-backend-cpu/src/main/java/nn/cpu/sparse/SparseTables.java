package nn.cpu.sparse;

import java.util.stream.IntStream;
import nn.backend.Layout;
import nn.backend.SparseGemm;

/**
 * Where things lie in an image. The pixels of a window's candidate, one for each term, are a patch.
 *
 * @param windows where the first patch of each window begins, from the image's first element on
 * @param candidates where each candidate's patch begins, from the window's first patch on
 * @param terms where each term lies, from the beginning of its patch on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SparseTables(int[] windows, int[] candidates, int[] terms) {

  static SparseTables of(SparseGemm sparse) {
    Layout view = sparse.view().layout();
    int rank = view.shape().rank();
    int firstCandidate = sparse.windowAxes();
    int firstTerm = rank - sparse.termAxes();
    int[] windows = offsets(view, 1, firstCandidate);
    int origin = view.offset() - sparse.images().layout().offset();
    for (int i = 0; i < windows.length; i++) {
      windows[i] += origin;
    }
    return new SparseTables(
        windows, offsets(view, firstCandidate, firstTerm), offsets(view, firstTerm, rank));
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

  /** Where the last patch begins. */
  int lastPatch() {
    return IntStream.of(windows).max().orElse(0) + IntStream.of(candidates).max().orElse(0);
  }

  /** The number of patches. */
  int patches() {
    return windows.length * candidates.length;
  }

  /** Terms at the beginning of a patch, or of another run of it, that follow one another. */
  int run(int first) {
    int n = 1;
    while (first + n < terms.length && terms[first + n] == terms[first] + n) {
      n++;
    }
    return n;
  }
}
