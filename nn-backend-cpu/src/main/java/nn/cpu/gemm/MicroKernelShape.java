package nn.cpu.gemm;

/**
 * What distinguishes one micro-kernel from another.
 *
 * @param rows rows of C
 * @param vectors columns of C, in vectors
 * @param reading how A is read
 * @param ending what becomes of the sums
 */
record MicroKernelShape(int rows, int vectors, Reading reading, Ending ending) {

  /**
   * How A is read.
   *
   * @param order of its elements
   * @param rowStep from a row to the next, if that is a constant of the code; else 0
   */
  record Reading(Order order, int rowStep) {
    static final Reading COLUMNS = new Reading(Order.COLUMNS, 0);
    static final Reading ROWS = new Reading(Order.ROWS, 0);
    static final Reading COLUMNS_BY_TABLE = new Reading(Order.COLUMNS_BY_TABLE, 0);

    static Reading rowsByRuns(int rowStep) {
      return new Reading(Order.ROWS_BY_RUNS, rowStep);
    }

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
    return "MicroKernel" + rows + "x" + vectors + reading.order + ending;
  }

  boolean adds() {
    return ending == Ending.ADD;
  }
}
