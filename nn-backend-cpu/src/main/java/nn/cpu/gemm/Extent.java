package nn.cpu.gemm;

/** A rectangle of C, and the number of terms of each of its sums. */
record Extent(int firstRow, int rows, int firstColumn, int columns, int terms) {}
