package nn.cpu.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import nn.cpu.Chunks;
import nn.cpu.codegen.Species;

/**
 * A patch as vectors of terms. Lanes behind a vector's last term hold something else.
 *
 * @param distances where each vector lies, from the beginning of the patch on
 * @param terms the number of each vector's first term
 * @param counts how many terms each vector has
 */
record Vectors(List<Integer> distances, List<Integer> terms, List<Integer> counts) {

  /**
   * Some of the vectors, for one kernel.
   *
   * @param first the number of the first
   */
  record Group(int first, List<Integer> distances) {}

  /** Terms that follow one another in an image. */
  static Vectors ofRuns(SparseTables tables) {
    List<Integer> terms = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < tables.terms().length; i += counts.getLast()) {
      terms.add(i);
      counts.add(Math.min(tables.run(i), Species.LANES));
    }
    int[] at = tables.terms();
    return new Vectors(terms.stream().map(i -> at[i]).toList(), terms, counts);
  }

  int size() {
    return distances.size();
  }

  /** Elements of all vectors. */
  int elements() {
    return size() * Species.LANES;
  }

  /** Cuts them evenly into groups of so many at most. */
  List<Group> groups(int most) {
    int count = Math.ceilDiv(size(), most);
    return IntStream.range(0, count)
        .mapToObj(i -> group(Chunks.first(size(), i, count), Chunks.first(size(), i + 1, count)))
        .toList();
  }

  private Group group(int first, int end) {
    return new Group(first, List.copyOf(distances.subList(first, end)));
  }

  /** For each lane of all vectors the number of its term, or -1. */
  int[] termsOfLanes() {
    int[] numbers = new int[elements()];
    Arrays.fill(numbers, -1);
    for (int v = 0; v < size(); v++) {
      for (int lane = 0; lane < counts.get(v); lane++) {
        numbers[v * Species.LANES + lane] = terms.get(v) + lane;
      }
    }
    return numbers;
  }
}
