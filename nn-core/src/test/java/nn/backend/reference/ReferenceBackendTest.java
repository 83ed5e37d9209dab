package nn.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.List;
import nn.backend.Backends;
import nn.backend.Buffer;
import nn.backend.Combiner;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.Test;

/** Against numbers worked out by hand: the oracle has no oracle of its own. */
class ReferenceBackendTest {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);

  private final ReferenceBackend backend = new ReferenceBackend();

  private Buffer buffer(double... values) {
    Buffer buffer = backend.allocate(DType.F64, values.length);
    backend.write(buffer, 0, MemorySegment.ofArray(values));
    return buffer;
  }

  private Buffer ints(int... values) {
    Buffer buffer = backend.allocate(DType.I32, values.length);
    backend.write(buffer, 0, MemorySegment.ofArray(values));
    return buffer;
  }

  private Operand array(Shape shape, double... values) {
    return Operand.of(buffer(values), shape);
  }

  private Operand zeros(int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(backend.allocate(DType.F64, shape.size()), shape);
  }

  private double[] read(Operand operand) {
    double[] values = new double[operand.buffer().length()];
    backend.read(operand.buffer(), 0, MemorySegment.ofArray(values));
    return values;
  }

  private int[] readInts(Buffer buffer) {
    int[] values = new int[buffer.length()];
    backend.read(buffer, 0, MemorySegment.ofArray(values));
    return values;
  }

  @Test
  void isTheLastResort() {
    assertThat(Backends.find()).last().matches(f -> f.provider().name().equals("reference"));
    assertThat(Backends.choose("reference").explanation()).startsWith("backend reference:");
  }

  @Test
  void mapsWithBroadcastAndCoordinates() {
    Operand out = zeros(2, 3);
    Operand bias = array(Shape.of(3), 10, 20, 30);
    Operand x = array(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Expr expr = X.add(Y).add(Expr.index(0).toFloat().mul(100)).add(Expr.position().toFloat());
    backend.elementwise(Elementwise.of(expr, out, x, bias));
    assertThat(read(out)).containsExactly(11, 23, 35, 117, 129, 141);
  }

  @Test
  void mapsOneElementOfRankZero() {
    Operand out = zeros();
    backend.elementwise(Elementwise.of(X.exp(), out, array(Shape.of(), 1)));
    assertThat(read(out)).containsExactly(Math.E);
  }

  @Test
  void readsTransposed() {
    Operand x = array(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Operand out = zeros(3, 2);
    backend.elementwise(Elementwise.of(X, out, x.with(x.layout().transpose())));
    assertThat(read(out)).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void gathersRowsThatACursorMoves() {
    Operand data = array(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Buffer step = ints(1);
    Operand order = Operand.of(ints(0, 0, 2, 1), Shape.of(2)).movedBy(new Cursor(step, 2));
    Operand out = zeros(2, 2);
    backend.elementwise(Elementwise.of(X, out, data.gather(order)));
    assertThat(read(out)).containsExactly(5, 6, 3, 4);
  }

  @Test
  void storesInTheBuffersType() {
    Operand x = array(Shape.of(3), 1 / 3.0, 1.00390625, -3.99);
    Operand single = Operand.of(backend.allocate(DType.F32, 3), Shape.of(3));
    Operand half = Operand.of(backend.allocate(DType.BF16, 3), Shape.of(3));
    Operand whole = Operand.of(backend.allocate(DType.I32, 3), Shape.of(3));
    Operand bytes = Operand.of(backend.allocate(DType.U8, 3), Shape.of(3));
    Operand out = zeros(3);
    backend.elementwise(Elementwise.of(X, single, x));
    backend.elementwise(Elementwise.of(X, out, single));
    assertThat(read(out)).containsExactly((float) (1 / 3.0), 1.00390625, -3.99f);
    backend.elementwise(Elementwise.of(X, half, x));
    backend.elementwise(Elementwise.of(X, out, half));
    assertThat(read(out)).containsExactly(0.333984375, 1, -3.984375);
    backend.elementwise(Elementwise.of(X.toInt(), whole, x));
    assertThat(readInts(whole.buffer())).containsExactly(0, 1, -3);
    backend.elementwise(Elementwise.of(X.toInt(), bytes, x));
    backend.elementwise(Elementwise.of(X, out, bytes));
    assertThat(read(out)).containsExactly(0, 1, 253);
  }

  private double[] reduce(Combiner combiner, Operand x, Operand out, Integer... axes) {
    Program program = Program.of(X);
    backend.reduce(
        new Reduce(x.shape(), program, List.of(combiner), List.of(axes), List.of(x), List.of(out)));
    return out.type() == DType.F64 ? read(out) : new double[0];
  }

  @Test
  void reducesOverAnyAxes() {
    Operand x = array(Shape.of(2, 3), 1, 9, 3, 7, 5, 6);
    assertThat(reduce(Combiner.SUM, x, zeros(2, 1), 1)).containsExactly(13, 18);
    assertThat(reduce(Combiner.SUM, x, zeros(1, 3), 0)).containsExactly(8, 14, 9);
    assertThat(reduce(Combiner.MAX, x, zeros(1, 1), 0, 1)).containsExactly(9);
    assertThat(reduce(Combiner.MIN, x, zeros(2, 3))).containsExactly(1, 9, 3, 7, 5, 6);
  }

  @Test
  void combinesNothing() {
    Operand none = zeros(2, 0);
    assertThat(reduce(Combiner.SUM, none, zeros(2, 1), 1)).containsExactly(0, 0);
    assertThat(reduce(Combiner.MAX, none, zeros(2, 1), 1)).containsOnly(Double.NEGATIVE_INFINITY);
    assertThat(reduce(Combiner.MIN, none, zeros(2, 1), 1)).containsOnly(Double.POSITIVE_INFINITY);
  }

  @Test
  void argmaxTakesTheLowestOfTheLargestAndTheFirstNaN() {
    double nan = Double.NaN;
    Operand x = array(Shape.of(3, 3), 1, 5, 5, 9, nan, nan, 2, 2, 2);
    Operand out = Operand.of(ints(7, 7, 7), Shape.of(3, 1));
    reduce(Combiner.ARGMAX, x, out, 1);
    assertThat(readInts(out.buffer())).containsExactly(1, 1, 0);
    Operand all = Operand.of(ints(7), Shape.of(1, 1));
    reduce(Combiner.ARGMAX, x, all, 0, 1);
    assertThat(readInts(all.buffer())).containsExactly(4);
    double[] low = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    reduce(Combiner.ARGMAX, array(Shape.of(1, 2), low), all, 1);
    assertThat(readInts(all.buffer())).containsExactly(0);
  }

  @Test
  void multipliesWithAnEpilogue() {
    Operand a = array(Shape.of(2, 2), 1, 2, 3, 4);
    Operand b = array(Shape.of(2, 2), 5, 6, 7, 8);
    Operand c = array(Shape.of(2, 2), 1, 1, 1, 1);
    backend.gemm(Gemm.of(2, a, b.with(b.layout().transpose()), -1, c));
    assertThat(read(c)).containsExactly(33, 45, 77, 105);
    Operand none = zeros(2, 0);
    backend.gemm(Gemm.of(none, none.with(none.layout().transpose()), c));
    assertThat(read(c)).containsOnly(0);
  }

  @Test
  void refusesARowThatIsNotThere() {
    Operand data = array(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    for (int row : new int[] {-1, 3, Integer.MAX_VALUE}) {
      Operand gathered = data.gather(Operand.of(ints(0, row), Shape.of(2)));
      Elementwise copy = Elementwise.of(X, zeros(2, 2), gathered);
      assertThatIllegalArgumentException().isThrownBy(() -> backend.elementwise(copy));
    }
  }

  @Test
  void refusesAFreedOrForeignBuffer() {
    Operand x = array(Shape.of(2), 1, 2);
    Elementwise copy = Elementwise.of(X, zeros(2), x);
    backend.free(x.buffer());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.elementwise(copy))
        .withMessageContaining("freed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReferenceBackend().free(zeros(2).buffer()))
        .withMessageContaining("another backend");
  }

  @Test
  void refusesOverlapsWithAnotherLayout() {
    Operand x = array(Shape.of(2, 2), 1, 2, 3, 4);
    backend.elementwise(Elementwise.of(X.neg(), x, x));
    assertThat(read(x)).containsExactly(-1, -2, -3, -4);
    Operand transposed = x.with(x.layout().transpose());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.elementwise(Elementwise.of(X, x, transposed)))
        .withMessageContaining("overlaps");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.gemm(Gemm.of(x, zeros(2, 2), x)))
        .withMessageContaining("overlaps");
    Operand twice = x.with(Layout.of(Shape.of(2, 2), new int[] {1, 1}, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.elementwise(Elementwise.of(X, twice, zeros(2, 2))))
        .withMessageContaining("written twice");
  }

  @Test
  void interleavedColumnsOfOneBufferDoNotOverlap() {
    Operand x = array(Shape.of(2, 4), 1, 2, 3, 4, 5, 6, 7, 8);
    Operand left = x.with(x.layout().slice(1, 0, 2));
    Operand right = x.with(x.layout().slice(1, 2, 4));
    backend.elementwise(Elementwise.of(X.mul(10), left, right));
    assertThat(read(x)).containsExactly(30, 40, 3, 4, 70, 80, 7, 8);
  }

  @Test
  void refusesTransfersBeyondTheBuffer() {
    Buffer x = buffer(1, 2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.write(x, 2, MemorySegment.ofArray(new double[2])));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.read(x, -1, MemorySegment.ofArray(new double[1])));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.read(x, 0, MemorySegment.ofArray(new byte[7])));
  }
}
