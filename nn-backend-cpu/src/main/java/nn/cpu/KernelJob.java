package nn.cpu;

import java.util.List;
import nn.cpu.Space.Axis;
import nn.cpu.codegen.KernelSpec.Span;

/**
 * Passes over a common iteration space. It is cut into blocks that depend on its shape alone; for
 * each block all passes are run, while its elements are in the cache.
 */
final class KernelJob implements Job {
  /** The elements of a block, unless a single row has more. */
  static final int BLOCK = 4096;

  /** Operations on elements that are worth a thread. */
  private static final long WORTH_A_THREAD = 16 * 1024;

  /**
   * How the space is cut.
   *
   * @param rows the rows of a block
   * @param columns the columns of a block
   * @param reducesRows whether values are combined over rows rather than over columns
   */
  record Blocks(int rows, int columns, boolean reducesRows) {
    /**
     * The columns of a call where there are so many in all.
     *
     * @param repeatable whether an element may be computed twice
     */
    Span span(int all, boolean repeatable) {
      return Span.of(all, columns, repeatable);
    }
  }

  /**
   * A pass, and how it sees a block.
   *
   * @param overRows it has no columns: the block's rows are what it takes for columns
   */
  record Step(Pass pass, boolean overRows) {}

  private final Step[] steps;
  private final Blocks blocks;
  private final int rows;
  private final int columns;
  private final int rowBlocks;
  private final int columnBlocks;
  private final int units;
  private final long work;

  /**
   * A job.
   *
   * @param operations for each element
   */
  KernelJob(List<Step> steps, Space space, Blocks blocks, int operations) {
    this.steps = steps.toArray(new Step[0]);
    this.blocks = blocks;
    this.rows = space.rows().extent();
    this.columns = space.columns().extent();
    this.rowBlocks = Math.ceilDiv(rows, blocks.rows());
    this.columnBlocks = Math.ceilDiv(columns, blocks.columns());
    int outer = space.outer().stream().mapToInt(Axis::extent).reduce(1, (a, b) -> a * b);
    this.units = outer * rowBlocks * columnBlocks;
    this.work = space.size() * Math.max(1, operations);
  }

  @Override
  public int parts(int threads) {
    long worthwhile = Math.min(units, work / WORTH_A_THREAD);
    return (int) Math.max(1, Math.min(threads, worthwhile));
  }

  @Override
  public void run(int part, int parts) {
    int from = (int) ((long) units * part / parts);
    int to = (int) ((long) units * (part + 1) / parts);
    for (Step step : steps) {
      step.pass.start(part);
    }
    for (int unit = from; unit < to; unit++) {
      runBlock(part, unit);
    }
  }

  private void runBlock(int part, int unit) {
    int columnBlock = unit % columnBlocks;
    int rowBlock = unit / columnBlocks % rowBlocks;
    int outer = unit / columnBlocks / rowBlocks;
    int segment = blocks.reducesRows ? rowBlock : columnBlock;
    int rowFrom = rowBlock * blocks.rows;
    int rowTo = Math.min(rowFrom + blocks.rows, rows);
    int columnFrom = columnBlock * blocks.columns;
    int columnTo = Math.min(columnFrom + blocks.columns, columns);
    for (Step step : steps) {
      if (step.overRows) {
        step.pass.run(part, outer, segment, 0, 1, rowFrom, rowTo);
      } else {
        step.pass.run(part, outer, segment, rowFrom, rowTo, columnFrom, columnTo);
      }
    }
  }
}
