package nn.cpu.gemm;

/** One thread's scratch memory, shared by all products, which run one after another. */
final class Workspace {
  final Scratch panelsOfA = new Scratch();
  final Scratch panelsOfB = new Scratch();
  final Scratch sums = new Scratch();

  /** An array that grows when a product is bound, and never while one runs. */
  static final class Scratch {
    private float[] array = {};

    float[] array() {
      return array;
    }

    void reserve(int length) {
      if (array.length < length) {
        array = new float[length];
      }
    }
  }
}
