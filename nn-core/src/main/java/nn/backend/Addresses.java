package nn.backend;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Where each element of an operand lies in its buffer, with cursors and gathers looked up: {@code
 * row(coordinates) + along(last coordinate)}. An operand of rank 0 counts as one of shape [1].
 */
public final class Addresses {

  /** Reads one element of an I32 buffer. */
  @FunctionalInterface
  public interface Integers {
    int get(Buffer buffer, int index);
  }

  private final Buffer buffer;
  private final int base;
  private final int[][] steps;
  private final int first;
  private final int last;

  private Addresses(Buffer buffer, int base, int[][] steps) {
    this.buffer = buffer;
    this.base = base;
    this.steps = steps;
    long low = base;
    long high = base;
    boolean empty = false;
    for (int[] axis : steps) {
      low += Arrays.stream(axis).min().orElse(0);
      high += Arrays.stream(axis).max().orElse(0);
      empty |= axis.length == 0;
    }
    Checks.require(
        empty || low >= 0 && high < buffer.length(),
        "elements %s to %s are outside a buffer of %s elements",
        low,
        high,
        buffer.length());
    first = empty ? 0 : (int) low;
    last = empty ? -1 : (int) high;
  }

  /**
   * The addresses of an operand at this moment.
   *
   * @param integers reads cursors and row indices
   * @throws IllegalArgumentException if an element lies outside the buffer
   */
  public static Addresses of(Operand operand, Integers integers) {
    Layout layout = operand.layout();
    int[][] steps = new int[Math.max(1, layout.shape().rank())][1];
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      int stride = layout.stride(axis);
      steps[axis] = new int[layout.shape().dim(axis)];
      Arrays.setAll(steps[axis], i -> i * stride);
    }
    if (operand.rows() != null) {
      steps[0] = gathered(operand, of(operand.rows(), integers), integers);
    }
    return new Addresses(operand.buffer(), base(operand, integers), steps);
  }

  private static int base(Operand operand, Integers integers) {
    Cursor cursor = operand.cursor();
    long moved = cursor == null ? 0 : (long) integers.get(cursor.counter(), 0) * cursor.stride();
    long base = operand.layout().offset() + moved;
    Checks.require(base == (int) base, "a cursor moves an operand to element %s", base);
    return (int) base;
  }

  private static int[] gathered(Operand operand, Addresses rows, Integers integers) {
    int[] steps = new int[rows.steps[0].length];
    for (int i = 0; i < steps.length; i++) {
      int row = integers.get(rows.buffer, rows.base + rows.steps[0][i]);
      long step = (long) row * operand.layout().stride(0);
      Checks.require(
          row >= 0 && Math.abs(step) < operand.buffer().length(),
          "row index %s, number %s of a gather, is outside a buffer of %s elements",
          row,
          i,
          operand.buffer().length());
      steps[i] = (int) step;
    }
    return steps;
  }

  /** The address of the element whose coordinates are these but 0 along the last axis. */
  public int row(int[] coordinates) {
    int address = base;
    for (int axis = 0; axis < steps.length - 1; axis++) {
      address += steps[axis][coordinates[axis]];
    }
    return address;
  }

  /** How far a coordinate of the last axis is from the beginning of its row. */
  public int along(int coordinate) {
    return steps[steps.length - 1][coordinate];
  }

  /** Whether every element has the same address in both. */
  public boolean same(Addresses that) {
    return buffer == that.buffer && base == that.base && Arrays.deepEquals(steps, that.steps);
  }

  /** Whether some element of the buffer is in both. */
  public boolean overlaps(Addresses that) {
    boolean mayMeet = buffer == that.buffer && first <= that.last && that.first <= last;
    return mayMeet && reached().intersects(that.reached());
  }

  /** Whether two elements share an address. */
  public boolean overlapsItself() {
    long size = 1;
    for (int[] axis : steps) {
      size *= axis.length;
    }
    return size > 1 && reached().cardinality() < size;
  }

  /** The lowest address at which a value is NaN or infinite; -1 if there is none. */
  int firstNonFinite(double[] values) {
    return reached().stream().filter(i -> !Double.isFinite(values[i])).findFirst().orElse(-1);
  }

  private BitSet reached() {
    BitSet reached = new BitSet();
    if (last >= first) {
      reach(0, base, reached);
    }
    return reached;
  }

  private void reach(int axis, int address, BitSet reached) {
    if (axis == steps.length) {
      reached.set(address);
      return;
    }
    for (int step : steps[axis]) {
      reach(axis + 1, address + step, reached);
    }
  }
}
