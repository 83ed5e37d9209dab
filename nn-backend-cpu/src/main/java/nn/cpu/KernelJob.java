package nn.cpu;

import java.util.List;
import java.util.Objects;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.cpu.Space.Axis;
import nn.cpu.codegen.Access;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Elements;
import nn.cpu.codegen.Kernel;
import nn.cpu.codegen.Species;
import org.jspecify.annotations.Nullable;

/**
 * A kernel bound to its operands. The space is cut into blocks that depend on its shape alone: each is
 * one call of the kernel, short enough that code compiled meanwhile takes over soon.
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
   * @param segments for each operand how far it moves from block to block along the reduced axis
   */
  record Blocks(int rows, int columns, boolean reducesRows, int[] segments) {}

  private final Kernel kernel;
  private final Space space;
  private final List<View> views;
  private final Blocks blocks;
  private final Axis[] outerAxes;
  private final int rowBlocks;
  private final int columnBlocks;
  private final int units;
  private final long work;
  private final Object[][] arrays;
  private final int[][] numbers;
  private final int[][] bases;

  /**
   * Binds a kernel.
   *
   * @param operations for each element
   * @param threads the most parts it will be run in
   */
  KernelJob(
      Kernel kernel, Space space, List<View> views, Blocks blocks, int operations, int threads) {
    this.kernel = kernel;
    this.space = space;
    this.views = views;
    this.blocks = blocks;
    this.rowBlocks = Math.ceilDiv(space.rows().extent(), blocks.rows());
    this.columnBlocks = Math.ceilDiv(space.columns().extent(), blocks.columns());
    this.outerAxes = space.outer().toArray(new Axis[0]);
    long outer = space.outer().stream().mapToLong(Axis::extent).reduce(1, (a, b) -> a * b);
    this.units = Math.toIntExact(outer * rowBlocks * columnBlocks);
    this.work = space.size() * Math.max(1, operations);
    this.arrays = new Object[threads][];
    this.numbers = new int[threads][];
    this.bases = new int[threads][2 * views.size()];
    for (int part = 0; part < threads; part++) {
      arrays[part] = arrays();
      numbers[part] = numbers();
    }
  }

  /** How a kernel is to reach an operand. */
  static Access access(Space space, int number, View view) {
    CpuBuffer buffer = view.buffer();
    DType type = buffer == null ? null : buffer.type();
    boolean gathered = view.rows() != null && space.rows().gathered();
    return new Access(type, Along.of(space.columns().strides()[number]), gathered);
  }

  private Object[] arrays() {
    Object[] all = new Object[Kernel.ARRAYS * views.size() + 1];
    all[all.length - 1] = new int[Species.LANES];
    for (int k = 0; k < views.size(); k++) {
      CpuBuffer buffer = views.get(k).buffer();
      if (buffer == null) {
        continue;
      }
      all[Kernel.ARRAYS * k] = buffer.array();
      int stride = space.columns().strides()[k];
      if (Along.of(stride) == Along.STRIDED && !Elements.needsScratch(buffer.type(), true)) {
        all[Kernel.ARRAYS * k + 1] = laneOffsets(stride);
      }
      all[Kernel.ARRAYS * k + 2] = rowNumbers(views.get(k));
    }
    return all;
  }

  private static int[] laneOffsets(int stride) {
    int[] offsets = new int[Species.LANES];
    for (int lane = 0; lane < offsets.length; lane++) {
      offsets[lane] = lane * stride;
    }
    return offsets;
  }

  private static int @Nullable [] rowNumbers(View view) {
    View rows = view.rows();
    return rows == null ? null : (int[]) Objects.requireNonNull(rows.buffer()).array();
  }

  private int[] numbers() {
    int[] all = new int[Kernel.NUMBERS * views.size()];
    for (int k = 0; k < views.size(); k++) {
      all[Kernel.NUMBERS * k + 1] = space.rows().strides()[k];
      all[Kernel.NUMBERS * k + 2] = space.columns().strides()[k];
      View rows = views.get(k).rows();
      all[Kernel.NUMBERS * k + 4] = rows == null ? 0 : rows.strides()[0];
    }
    return all;
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
    if (from < to) {
      readCursors(bases[part], numbers[part]);
      for (int unit = from; unit < to; unit++) {
        run(unit, arrays[part], numbers[part], bases[part]);
      }
    }
  }

  private void readCursors(int[] base, int[] number) {
    for (int k = 0; k < views.size(); k++) {
      View view = views.get(k);
      View rows = view.rows();
      base[k] = view.offset() + moved(view.cursor());
      number[Kernel.NUMBERS * k + 3] = rows == null ? 0 : rows.offset() + moved(rows.cursor());
    }
  }

  private static int moved(@Nullable Cursor cursor) {
    return cursor == null
        ? 0
        : ((int[]) ((CpuBuffer) cursor.counter()).array())[0] * cursor.stride();
  }

  private void run(int unit, Object[] array, int[] number, int[] base) {
    int column = unit % columnBlocks;
    int row = unit / columnBlocks % rowBlocks;
    int outer = unit / columnBlocks / rowBlocks;
    for (int k = 0; k < views.size(); k++) {
      int segment = blocks.segments[k] * (blocks.reducesRows ? row : column);
      number[Kernel.NUMBERS * k] = base[k] + segment + outerOffset(k, outer, array, number);
    }
    int firstRow = row * blocks.rows;
    int firstColumn = column * blocks.columns;
    kernel.run(
        array,
        number,
        firstRow,
        Math.min(firstRow + blocks.rows, space.rows().extent()),
        firstColumn,
        Math.min(firstColumn + blocks.columns, space.columns().extent()));
  }

  private int outerOffset(int k, int unit, Object[] array, int[] number) {
    int offset = 0;
    int rest = unit;
    for (int i = outerAxes.length - 1; i >= 0; i--) {
      Axis axis = outerAxes[i];
      int coordinate = rest % axis.extent();
      rest /= axis.extent();
      if (axis.gathered() && array[Kernel.ARRAYS * k + 2] instanceof int[] rows) {
        int place = number[Kernel.NUMBERS * k + 3] + coordinate * number[Kernel.NUMBERS * k + 4];
        coordinate = rows[place];
      }
      offset += coordinate * axis.strides()[k];
    }
    return offset;
  }
}
