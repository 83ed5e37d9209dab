package nn.cpu.gemm;

import nn.cpu.Scratch;

/**
 * A block of a factor as panels, each of which holds as many lines as a tile has rows or columns.
 * Lines that can be read where they are, and are read seldom, are not copied.
 *
 * <p>The last panel may begin before the one before it ends: then some sums are computed twice,
 * with the same result, and no code is needed for ragged ends.
 */
final class Panels {
  /**
   * Terms that are packed for all panels before the next ones. Side by side, the lines of a term
   * are then read one after another; a panel at a time would jump from page to page.
   */
  private static final int TERMS_AT_ONCE = 16;

  private final Factor factor;
  private final Cut cut;
  private final boolean packs;
  private final Scratch scratch;
  private final Packing packing = new Packing();
  private int base;
  private int firstLine;
  private int lines;
  private int firstTerm;
  private int terms;

  /**
   * How lines are cut into panels.
   *
   * @param width lines of a panel
   * @param whole what a tile computes at least, in lines: the last panel is a multiple of it,
   *     unless there are too few lines
   * @param padding a packed panel's lines are filled up to a multiple of this
   * @param overlaps whether the last panel may have lines of the one before
   */
  record Cut(int width, int whole, int padding, boolean overlaps) {

    /** The number of panels of so many lines. */
    int panels(int lines) {
      return Math.ceilDiv(lines, width);
    }

    /** The first line of a panel. */
    int first(int panel, int lines) {
      return Math.min(panel * width, lines - count(panel, lines));
    }

    /** The number of lines of a panel. */
    int count(int panel, int lines) {
      int rest = Math.min(width, lines - panel * width);
      int filled = roundUp(rest, whole);
      return overlaps && filled <= lines ? filled : rest;
    }

    private int padded(int count) {
      return roundUp(count, padding);
    }

    private static int roundUp(int count, int unit) {
      return Math.ceilDiv(count, unit) * unit;
    }
  }

  /**
   * Panels over a block of some lines and terms.
   *
   * @param packs whether all panels are copied, rather than only those that need be filled up
   */
  Panels(Factor factor, Cut cut, boolean packs, int lines, int terms, Scratch scratch) {
    this.factor = factor;
    this.cut = cut;
    this.packs = packs;
    this.scratch = scratch;
    scratch.reserve((packs ? cut.panels(lines) : 1) * cut.padded(cut.width) * terms);
  }

  /** Called when a run begins: memory may have changed and moved. */
  void start() {
    base = factor.place().now();
    terms = -1;
  }

  /** Turns to a block. */
  void turnTo(int line, int lineCount, int term, int termCount) {
    boolean there =
        firstLine == line && lines == lineCount && firstTerm == term && terms == termCount;
    firstLine = line;
    lines = lineCount;
    firstTerm = term;
    terms = termCount;
    if (packs && !there) {
      packAll();
    }
  }

  private void packAll() {
    int atOnce = factor.isSideBySide() ? TERMS_AT_ONCE : Math.max(1, terms);
    for (int term = 0; term < terms; term += atOnce) {
      for (int panel = 0; panel < panels(); panel++) {
        pack(panel, packedAt(panel), term, Math.min(atOnce, terms - term));
      }
    }
  }

  /** The number of panels of the block. */
  int panels() {
    return cut.panels(lines);
  }

  /** The first line of a panel, counted from the block's. */
  int first(int panel) {
    return cut.first(panel, lines);
  }

  /** The number of lines of a panel. */
  int count(int panel) {
    return cut.count(panel, lines);
  }

  private int packedAt(int panel) {
    return Scratch.FIRST + panel * cut.padded(cut.width) * terms;
  }

  private void pack(int panel, int panelAt, int term, int termCount) {
    int count = count(panel);
    int step = cut.padded(count);
    int from = at(panel) + term * factor.termStride();
    packing.pack(factor, from, count, termCount, scratch.array(), panelAt + term * step, step);
  }

  /** Makes a tile read a panel of A's rows. */
  void aimA(Tile tile, int panel) {
    if (packs) {
      tile.a = scratch.array();
      tile.aAt = packedAt(panel);
      tile.aStep = cut.padded(count(panel));
    } else {
      tile.a = (float[]) factor.array();
      tile.aAt = at(panel);
      tile.aRowStep = factor.lineStride();
      tile.aStep = factor.termStride();
    }
  }

  /** Makes a tile read a panel of B's columns. */
  void aimB(Tile tile, int panel) {
    int count = count(panel);
    boolean ragged = count < cut.padded(count);
    if (packs || ragged && !reachesOn(panel)) {
      tile.b = scratch.array();
      tile.bAt = packs ? packedAt(panel) : Scratch.FIRST;
      tile.bStep = cut.padded(count);
      if (!packs) {
        pack(panel, Scratch.FIRST, 0, terms);
      }
    } else {
      tile.b = (float[]) factor.array();
      tile.bAt = at(panel);
      tile.bStep = factor.termStride();
    }
  }

  /** Whether what fills a panel up can be read from behind its lines: nothing will come of it. */
  private boolean reachesOn(int panel) {
    long last = (long) at(panel) + (long) Math.max(0, terms - 1) * factor.termStride();
    int length = ((float[]) factor.array()).length;
    return Math.max(at(panel), last) + cut.padded(count(panel)) <= length;
  }

  private int at(int panel) {
    int line = firstLine + first(panel);
    return base + line * factor.lineStride() + firstTerm * factor.termStride();
  }
}
