package nn.cpu.gemm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sizes of the blocks that a product is cut into, in elements. They depend on the machine and
 * on the product, never on the number of threads.
 *
 * <p>After Low, Igual, Smith, Quintana-Orti, "Analytical modeling is enough for high-performance
 * BLIS" (ACM TOMS 2016), but one level further out: a block of A stays in the second-level cache,
 * and so does a panel of B, from which the micro-kernel reads a vector for every eight
 * multiply-adds. So sums are seldom split.
 *
 * @param tiles what is computed at once
 * @param kc the most terms of each sum that are added in one go
 * @param blockOfA elements of A that are kept in the second-level cache
 * @param mc the most rows of a block of C
 * @param nc the most columns of a block of C, whole vectors
 */
record Blocking(Tiles tiles, int kc, int blockOfA, int mc, int nc) {
  private static final int DEFAULT_L2_BYTES = 512 << 10;
  private static final int MC = 512;

  /**
   * So many columns of B stay near, packed, for all blocks of A; in vectors it becomes a multiple
   * of every tile's.
   */
  private static final int NC = 512;

  /** A panel that is read by so few tiles is not worth copying where its lines lie side by side. */
  private static final int DIRECT_COLUMNS = 256;

  /** Elements between two rows of B from which on they are far apart: half a page. */
  private static final int FAR = 512;

  private static final int DIRECT_ROWS_FAR = 32;

  private static final int DIRECT_ROWS = 256;

  Blocking {
    if (kc <= 0 || mc <= 0 || nc <= 0 || nc % tiles.lanes() != 0) {
      throw new IllegalArgumentException("blocks must hold whole vectors, not " + mc + " x " + nc);
    }
  }

  /** The blocks for this machine and vectors of so many floats. */
  static Blocking forLanes(int lanes) {
    return of(lanes, l2Bytes());
  }

  /** The blocks for vectors of so many floats and a second-level cache of so many bytes. */
  static Blocking of(int lanes, int l2Bytes) {
    Tiles tiles = Tiles.of(lanes);
    int l2 = l2Bytes / Float.BYTES;
    // a panel of B takes a fifth of the cache; 12 vectors are whole tiles of one to four
    int kc = Math.clamp(l2 / 5 / (tiles.fromPanels().vectors() * lanes), 256, 4096);
    return new Blocking(tiles, kc, l2 / 2, roundUp(MC, tiles.sums()), roundUp(NC, 12 * lanes));
  }

  /** The rows of each block of A but the last, of rows with so many terms: all blocks alike. */
  int rowsOfBlock(int rows, int terms) {
    int unit = tiles.sums();
    int fitting = Math.min(mc, Math.max(unit, blockOfA / Math.max(1, terms) / unit * unit));
    int blocks = Math.max(1, Math.ceilDiv(rows, fitting));
    return Math.min(fitting, roundUp(Math.ceilDiv(rows, blocks), unit));
  }

  /** Floats to a vector. */
  int lanes() {
    return tiles.lanes();
  }

  /** In how many goes sums of k terms are made; at least 1. */
  int goes(int k) {
    return Math.max(1, Math.ceilDiv(k, kc));
  }

  /**
   * Whether A is packed for a part of so many columns: where neither its rows nor its columns have
   * their elements one after another, or where they are read often.
   */
  boolean packsA(Factor a, int columns) {
    return !(a.isSideBySide() || a.isByLines()) || columns > DIRECT_COLUMNS;
  }

  /**
   * Whether B is packed for a part of so many rows: where its columns have their elements one after
   * another, or where they are read often. Its rows may be so far apart that each lies on a page of
   * its own and many in the same lines of the cache; then packing pays for fewer rows.
   */
  boolean packsB(Factor b, int rows) {
    return !b.isSideBySide() || rows > (b.termStride() < FAR ? DIRECT_ROWS : DIRECT_ROWS_FAR);
  }

  /**
   * What the rows of a panel of A are filled up to, a multiple of: what the packing moves at once.
   */
  int rowUnit() {
    return Transposition.isFast() ? Transposition.LINES : 1;
  }

  /** Columns rounded up to whole vectors. */
  int wholeVectors(int columns) {
    return roundUp(columns, lanes());
  }

  private static int roundUp(int value, int unit) {
    return Math.ceilDiv(value, unit) * unit;
  }

  private static int l2Bytes() {
    Path size = Path.of("/sys/devices/system/cpu/cpu0/cache/index2/size");
    try {
      String text = Files.readString(size).strip();
      return Integer.parseInt(text.replace("K", "")) << 10;
    } catch (IOException | NumberFormatException e) {
      return DEFAULT_L2_BYTES;
    }
  }
}
