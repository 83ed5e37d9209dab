package nn.cpu.gemm;

/**
 * Computes one tile of a product: the sum of outer products of a column of A and a row of B, kept
 * in registers.
 */
interface MicroKernel {

  /** Computes the tile that the arguments describe. */
  void run(Tile tile);
}
