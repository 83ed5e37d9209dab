package nn.cpu.gemm;

/**
 * How much of C a micro-kernel keeps in registers, by the width of vectors.
 *
 * <p>For each term a tile of r rows by v vectors takes r elements of A and v vectors of B, for r v
 * multiply-adds. Where A is read row by row, each row takes its address as well, which C2 keeps in
 * memory when there are many: so wide tiles of few rows are the best. A panel's rows lie side by
 * side and need one address; they are as many as the packing transposes at once.
 *
 * @param lanes floats to a vector
 * @param sums the most vectors of sums; the rows of every tile divide it, but for ragged ends
 * @param fromPanels the largest tile where a term's rows lie side by side
 * @param mostRows of a tile where A is read row by row
 * @param mostVectors of such a tile
 */
record Tiles(int lanes, int sums, Size fromPanels, int mostRows, int mostVectors) {

  /**
   * The size of a tile.
   *
   * @param rows rows of C
   * @param vectors columns of C, in vectors
   */
  record Size(int rows, int vectors) {}

  /** The tiles for vectors of so many floats: narrow ones may have 16 registers, not 32. */
  static Tiles of(int lanes) {
    return lanes >= 16
        ? new Tiles(lanes, 24, new Size(8, 3), 12, 4)
        : new Tiles(lanes, 12, new Size(6, 2), 6, 2);
  }

  /** The tile for so many columns of C where a term's rows of A lie side by side. */
  Size fromPanels(int columns) {
    return new Size(fromPanels.rows, evenly(columns, fromPanels.vectors));
  }

  /** The tile for so many columns of C where A is read row by row. */
  Size inPlace(int columns) {
    int vectors = evenly(columns, mostVectors);
    return new Size(Math.min(mostRows, sums / vectors), vectors);
  }

  /** The width of tiles, at most so many vectors, so that the last is not much narrower. */
  private int evenly(int columns, int most) {
    int vectors = Math.max(1, Math.ceilDiv(columns, lanes));
    return Math.ceilDiv(vectors, Math.ceilDiv(vectors, most));
  }
}
