package nn.cpu.gemm;

/**
 * What distinguishes one micro-kernel from another.
 *
 * @param rows rows of C
 * @param vectors columns of C, in vectors
 * @param adds whether it continues sums that were begun before
 */
record MicroKernelShape(int rows, int vectors, boolean adds) {

  /** A name for the kernel's class. */
  String name() {
    return "MicroKernel" + rows + "x" + vectors + (adds ? "Adds" : "");
  }
}
