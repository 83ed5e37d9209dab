package nn.cpu.gemm;

/**
 * What distinguishes one micro-kernel from another.
 *
 * @param rows rows of C
 * @param vectors columns of C, in vectors
 * @param addressing how elements are found
 * @param ending what becomes of the sums
 */
record MicroKernelShape(int rows, int vectors, Addressing addressing, Ending ending) {

  /**
   * How elements are found. Steps that are constants of the code take fewer instructions, and C2
   * checks the bounds of all rows at once; they are worth a kernel of its own for each convolution.
   *
   * @param order of A's elements
   * @param rowOfA from a row of A to the next, if they are read by runs; else 0
   * @param packedB whether B is packed, so that its terms lie a tile's width apart
   * @param rowOfC from a row of C to the next, or 0 if a tile says it
   */
  record Addressing(Order order, int rowOfA, boolean packedB, int rowOfC) {
    static final Addressing COLUMNS = new Addressing(Order.COLUMNS, 0, false, 0);
    static final Addressing ROWS = new Addressing(Order.ROWS, 0, false, 0);

    boolean byRuns() {
      return order == Order.ROWS_BY_RUNS;
    }
  }

  /** In which order a tile's elements of A lie. */
  enum Order {
    /** The rows of each term lie side by side, and the terms a step apart, as in a packed panel. */
    COLUMNS,
    /** The terms of each row follow one another, and the rows lie a step apart. */
    ROWS,
    /** As columns, and a table says where each term's lie. */
    COLUMNS_BY_TABLE,
    /** The rows lie a constant apart, and a table says where each run of their terms begins. */
    ROWS_BY_RUNS
  }

  /** What becomes of the sums. */
  enum Ending {
    /** They are stored. */
    STORE(0),
    /** They are stored, and each row's last vector begins within the one before, to end with C. */
    STORE_OVERLAPPING(1),
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
    return "MicroKernel" + rows + "x" + vectors + addressing.order + ending;
  }

  boolean adds() {
    return ending == Ending.ADD;
  }
}
