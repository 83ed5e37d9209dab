package nn.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.Transfer;
import nn.expr.Type;

/**
 * Buffers with seeded contents on one backend. Asked in the same order, a workspace on another
 * backend holds the same values; in double precision, if so wished, wherever they are real.
 */
public final class Workspace {
  /** In memory that a command is not to write, and in outputs before they are written. */
  static final double SENTINEL = -7.25e6;

  private static final int MARGIN = 19;

  /** A buffer and how it was filled; scratch holds no result. */
  static final class Entry {
    final DType type;
    final Buffer buffer;
    final double[] before;
    final boolean scratch;

    Entry(DType type, Buffer buffer, double[] before, boolean scratch) {
      this.type = type;
      this.buffer = buffer;
      this.before = before;
      this.scratch = scratch;
    }
  }

  /** A case needs a type that the backend has not. */
  static final class UnsupportedTypeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    final DType type;

    UnsupportedTypeException(DType type) {
      super(type + " is not supported");
      this.type = type;
    }
  }

  private final Backend backend;
  private final boolean wide;
  private final SplittableRandom random;
  private final List<Entry> entries = new ArrayList<>();

  Workspace(Backend backend, boolean wide, long seed) {
    this.backend = backend;
    this.wide = wide;
    this.random = new SplittableRandom(seed);
  }

  /** The source of all values. */
  public SplittableRandom random() {
    return random;
  }

  /** Standard normal numbers, F32, row-major. */
  public Operand normal(int... dims) {
    return normal(DType.F32, Layout.contiguous(Shape.of(dims), 0));
  }

  /** Standard normal numbers in any layout. */
  public Operand normal(DType type, Layout layout) {
    return filled(type, layout, random::nextGaussian);
  }

  /** Numbers uniform between two bounds, F32, row-major. */
  public Operand uniform(double from, double to, int... dims) {
    Layout layout = Layout.contiguous(Shape.of(dims), 0);
    return filled(DType.F32, layout, () -> random.nextDouble(from, to));
  }

  /** Integers from one bound up to, not including, another, row-major. */
  public Operand integers(DType type, int from, int to, int... dims) {
    Layout layout = Layout.contiguous(Shape.of(dims), 0);
    return filled(type, layout, () -> random.nextInt(from, to));
  }

  /** Integers of all sizes, I32, row-major. */
  public Operand anyIntegers(int... dims) {
    return filled(DType.I32, Layout.contiguous(Shape.of(dims), 0), random::nextInt);
  }

  /** These values, in a shape of rank 1. */
  public Operand values(DType type, double... values) {
    double[] rounded = Arrays.stream(values).map(v -> Comparison.rounded(type, v)).toArray();
    return Operand.of(buffer(type, rounded, false), Shape.of(values.length));
  }

  /** A counter to move operands by. */
  public Cursor cursor(int count, int stride) {
    return new Cursor(values(DType.I32, count).buffer(), stride);
  }

  /** Room for a result, F32, row-major, with room around it that must stay as it is. */
  public Operand output(int... dims) {
    return output(DType.F32, dims);
  }

  /** Room for a result of any type. */
  public Operand output(DType type, int... dims) {
    return output(type, Layout.contiguous(Shape.of(dims), 3));
  }

  /** Room for a result in any layout. */
  public Operand output(DType type, Layout layout) {
    return Operand.of(buffer(type, sentinels(type, layout), false), layout);
  }

  /** Room for a result that is not compared, row-major. */
  public Operand scratch(int... dims) {
    Layout layout = Layout.contiguous(Shape.of(dims), 0);
    return Operand.of(buffer(DType.F32, sentinels(DType.F32, layout), true), layout);
  }

  private static double[] sentinels(DType type, Layout layout) {
    double[] values = new double[layout.end() + MARGIN];
    Arrays.fill(values, type == DType.U8 ? 0xa5 : Comparison.rounded(type, SENTINEL));
    return values;
  }

  private Operand filled(DType type, Layout layout, DoubleSupplier source) {
    double[] values = new double[layout.end()];
    Arrays.setAll(values, i -> Comparison.rounded(type, source.getAsDouble()));
    return Operand.of(buffer(type, values, false), layout);
  }

  private Buffer buffer(DType type, double[] values, boolean scratch) {
    if (!backend.supports(type)) {
      throw new UnsupportedTypeException(type);
    }
    DType stored = wide && type.type() == Type.FLOAT ? DType.F64 : type;
    Buffer buffer = backend.allocate(stored, values.length);
    Transfer.write(backend, buffer, values);
    entries.add(new Entry(type, buffer, values, scratch));
    return buffer;
  }

  /** What was allocated, in that order. */
  List<Entry> entries() {
    return entries;
  }

  /** The contents of an entry now. */
  double[] read(Entry entry) {
    return Transfer.read(backend, entry.buffer);
  }

  /** Gives all buffers back. */
  void free() {
    entries.forEach(entry -> backend.free(entry.buffer));
    entries.clear();
  }
}
