package nn.cpu.gemm;

import nn.cpu.codegen.Species;

/** One thread's scratch memory, shared by all products, which run one after another. */
final class Workspace {
  final Scratch panelsOfA = new Scratch();
  final Scratch panelsOfB = new Scratch();
  final Scratch sums = new Scratch();

  /**
   * An array that grows when a product is bound, and never while one runs. A vector that begins at
   * its last element in use lies within it, as in a {@link nn.cpu.CpuBuffer}.
   */
  static final class Scratch {
    /**
     * Elements that the garbage collector G1 puts at the beginning of a region of their own, where
     * it has regions of a megabyte, which the launcher asks for.
     */
    private static final int LARGE = 1 << 17;

    /**
     * The first element that is used. In such an array it begins a line of the cache, behind 16
     * bytes of the array's own; a vector that lies across two lines takes two accesses.
     */
    private static final int FIRST = 12;

    private float[] array = {};

    float[] array() {
      return array;
    }

    int first() {
      return FIRST;
    }

    /** Makes room for so many elements from the first on. */
    void reserve(int length) {
      int needed = FIRST + length + Species.LANES;
      if (array.length < needed) {
        array = new float[Math.max(LARGE, needed)];
      }
    }
  }
}
