package nn.cpu.gemm;

/**
 * A block of a factor as panels, each of which holds as many lines as a tile has rows or columns.
 * Lines that lie side by side in memory already are read from there where they are read so seldom
 * that copying them would not pay.
 */
final class Panels {
  private final Factor factor;
  private final int width;
  private final int unit;
  private final boolean packs;
  private final Workspace.Scratch scratch;
  private int base;
  private int firstLine;
  private int lines;
  private int firstTerm;
  private int terms;

  /**
   * Panels over a block of some lines and terms.
   *
   * @param width lines of a panel
   * @param unit a panel's lines are filled up with zeros to a multiple of this
   * @param packs whether all panels are copied, rather than only those that need be filled up
   */
  Panels(
      Factor factor,
      int width,
      int unit,
      boolean packs,
      int lines,
      int terms,
      Workspace.Scratch scratch) {
    this.factor = factor;
    this.width = width;
    this.unit = unit;
    this.packs = packs;
    this.scratch = scratch;
    scratch.reserve(packs ? roundedUp(lines) * terms : roundedUp(width) * terms);
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
      for (int i = 0; i < lines; i += width) {
        pack(i, i * terms);
      }
    }
  }

  private void pack(int i, int panelAt) {
    int count = Math.min(width, lines - i);
    Packing.pack(factor, at(i), count, terms, scratch.array(), panelAt, roundedUp(count));
  }

  /** Makes a tile read A's rows from the block's line i on, the first of a panel. */
  void aimA(Tile tile, int i) {
    if (packs) {
      tile.a = scratch.array();
      tile.aAt = i * terms;
      tile.aStep = roundedUp(Math.min(width, lines - i));
    } else {
      tile.a = (float[]) factor.array();
      tile.aAt = at(i);
      tile.aStep = factor.termStride();
    }
  }

  /** Makes a tile read B's columns from the block's line i on, the first of a panel. */
  void aimB(Tile tile, int i) {
    int count = Math.min(width, lines - i);
    boolean ragged = count < roundedUp(count);
    if (packs || ragged) {
      tile.b = scratch.array();
      tile.bAt = packs ? i * terms : 0;
      tile.bStep = roundedUp(count);
      if (!packs) {
        pack(i, 0);
      }
    } else {
      tile.b = (float[]) factor.array();
      tile.bAt = at(i);
      tile.bStep = factor.termStride();
    }
  }

  private int at(int i) {
    return base + (firstLine + i) * factor.lineStride() + firstTerm * factor.termStride();
  }

  private int roundedUp(int count) {
    return Math.ceilDiv(count, unit) * unit;
  }
}
