package nn.cpu.gemm;

import nn.cpu.Chunks;

/**
 * How a product with a folded factor is cut, whatever the number of threads: tiles of rows of one
 * line each, put together in groups, and the goes of sums put together in chunks. A unit of work is
 * a group of a chunk. Where there is more than one chunk, units make partial sums, which are added
 * up in the chunks' order.
 *
 * @param tileRows rows of a tile; the last of a line may have fewer
 * @param tilesOfLine tiles of a line
 * @param tiles all of them
 * @param groups of tiles
 * @param goes of each sum
 * @param chunks of goes
 * @param rowsOfLine rows of a line
 */
record FoldedGrid(
    int tileRows, int tilesOfLine, int tiles, int groups, int goes, int chunks, int rowsOfLine) {
  /** Units that even many threads share out well. */
  private static final int MANY_UNITS = 64;

  /** Sums of a group: they are to stay in a cache of the second level until they are stored. */
  private static final int MOST_SUMS = 1 << 14;

  /**
   * The cut of a product.
   *
   * @param columns of C, in whole vectors
   */
  static FoldedGrid of(Folded a, int mostTileRows, int columns) {
    int tilesOfLine = Math.max(1, Math.ceilDiv(a.rowsOfLine(), mostTileRows));
    int tileRows = Math.max(1, Math.ceilDiv(a.rowsOfLine(), tilesOfLine));
    int tiles = a.lines().length * Math.ceilDiv(a.rowsOfLine(), tileRows);
    long sums = (long) a.lines().length * a.rowsOfLine() * columns;
    int chunks = Chunks.count(sums, a.goes().length);
    long small = Math.ceilDiv(sums, MOST_SUMS);
    int groups = (int) Math.min(tiles, Math.max(small, MANY_UNITS / chunks));
    return new FoldedGrid(
        tileRows,
        Math.ceilDiv(a.rowsOfLine(), tileRows),
        tiles,
        groups,
        a.goes().length,
        chunks,
        a.rowsOfLine());
  }

  /** Whether each sum is made at once. */
  boolean isWhole() {
    return chunks == 1 && goes == 1;
  }

  int units() {
    return groups * chunks;
  }

  /** The first tile of a group; of the group after the last the number of tiles. */
  int firstTile(int group) {
    return Chunks.first(tiles, group, groups);
  }

  /** The first go of a chunk; of the chunk after the last the number of goes. */
  int firstGo(int chunk) {
    return Chunks.first(goes, chunk, chunks);
  }

  /** The first row of a tile, counted from its line's. */
  int rowInLine(int tile) {
    return tile % tilesOfLine * tileRows;
  }

  /** The rows of a tile. */
  int rows(int tile) {
    return Math.min(tileRows, rowsOfLine - rowInLine(tile));
  }

  /** The first row of a tile, of all; of the tile after the last the number of rows. */
  int row(int tile) {
    return tile / tilesOfLine * rowsOfLine + rowInLine(tile);
  }

  /** The most rows of a group. */
  int mostRows() {
    int most = 0;
    for (int group = 0; group < groups; group++) {
      most = Math.max(most, row(firstTile(group + 1)) - row(firstTile(group)));
    }
    return most;
  }
}
