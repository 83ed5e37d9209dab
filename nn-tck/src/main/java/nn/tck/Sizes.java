package nn.tck;

import java.util.Arrays;
import java.util.List;

/**
 * Extents that catch loops with a body and a tail: around multiples of every vector width, and far
 * from them.
 */
final class Sizes {
  private static final int[] AWKWARD = {
    0, 1, 2, 3, 7, 13, 15, 16, 17, 31, 33, 63, 64, 65, 100, 207, 1000, 4098
  };

  private Sizes() {}

  static List<Integer> all() {
    return Arrays.stream(AWKWARD).boxed().toList();
  }

  static List<Integer> upTo(int most) {
    return all().stream().filter(n -> n <= most).toList();
  }
}
