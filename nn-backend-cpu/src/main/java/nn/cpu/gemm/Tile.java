package nn.cpu.gemm;

/**
 * The arguments of a micro-kernel. Each thread fills in its own; generated code reads the fields by
 * name.
 *
 * <p>Row i and column p of A lie at {@code aAt + i * aRowStep + p * aStep}, where one of the steps
 * is 1: A is stored by rows, or by columns as in a packed panel. A table may say where each term
 * lies, {@code aAt + i + terms[p]}, or where each run of k terms begins, {@code aAt + i * rowStep +
 * terms[r] + p} with the constant step of {@link MicroKernelShape.Addressing}. Row p and column j
 * of B lie at {@code bAt + p * bStep + j}, and whole vectors can be read there.
 */
final class Tile {
  private static final float[] NONE = {};

  float[] a = NONE;
  int aAt;
  int aRowStep;
  int aStep;
  int[] terms = {};

  float[] b = NONE;
  int bAt;
  int bStep;

  /** The number of terms to add. */
  int k;

  /** Sums of earlier terms: row i and column j at {@code sumsAt + i * sumsStep + j}. */
  float[] sums = NONE;

  int sumsAt;
  int sumsStep;

  /** Where the sums are stored: row i and column j at {@code cAt + i * cStep + j}. */
  float[] c = NONE;

  int cAt;
  int cStep;

  /** How far each row's last vector lies from the one before, where they overlap. */
  int lanes;
}
