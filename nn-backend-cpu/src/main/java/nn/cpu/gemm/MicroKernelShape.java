package nn.cpu.gemm;

/**
 * What distinguishes one micro-kernel from another.
 *
 * @param rows rows of C
 * @param vectors columns of C, in vectors
 * @param byRows whether A is read where it is stored by rows, rather than by columns
 * @param ending what becomes of the sums
 */
record MicroKernelShape(int rows, int vectors, boolean byRows, Ending ending) {

  /** What becomes of the sums. */
  enum Ending {
    /** They are stored. */
    STORE(0),
    /** They are stored, and of each row's last vector only the first lanes. */
    STORE_PART(1),
    /** They are added to sums that were begun before. */
    ADD(2);

    /** A number from 0 on, for tables. */
    final int number;

    Ending(int number) {
      this.number = number;
    }
  }

  /** A name for the kernel's class. */
  String name() {
    return "MicroKernel" + rows + "x" + vectors + (byRows ? "ByRows" : "") + ending;
  }

  boolean adds() {
    return ending == Ending.ADD;
  }
}
