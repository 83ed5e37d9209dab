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
    private float[] array = {};

    float[] array() {
      return array;
    }

    void reserve(int length) {
      if (array.length < length + Species.LANES) {
        array = new float[length + Species.LANES];
      }
    }
  }
}
