package nn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorTest {
  private static final Shape TWO_BY_THREE = Shape.of(2, 3);

  private final Backend backend = new ReferenceBackend();
  private final Parameters parameters = Parameters.none(backend, DType.F64);
  private final Scope scope = new Scope(backend, parameters, Mode.EVALUATE);
  private final Tensor matrix = scope.constant(TWO_BY_THREE, 1, 2, 3, 4, 5, 6);

  @AfterEach
  void close() {
    scope.close();
    parameters.close();
    backend.close();
  }

  @Test
  void mapsBroadcastAsInNumPy() {
    Tensor row = scope.constant(Shape.of(3), 10, 20, 30);
    Tensor column = scope.constant(Shape.of(2, 1), 100, 200);
    assertThat(matrix.add(row).toDoubles()).containsExactly(11, 22, 33, 14, 25, 36);
    assertThat(matrix.mul(column).toDoubles()).containsExactly(100, 200, 300, 800, 1000, 1200);
    assertThat(column.sub(row).shape()).isEqualTo(TWO_BY_THREE);
    assertThat(column.sub(row).toDoubles()).containsExactly(90, 80, 70, 190, 180, 170);
    assertThat(row.broadcastTo(TWO_BY_THREE).toDoubles()).containsExactly(10, 20, 30, 10, 20, 30);
  }

  @Test
  void shapesThatDoNotBroadcastAreRefused() {
    Tensor pair = scope.constant(Shape.of(2), 1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> matrix.add(pair))
        .withMessageContaining("[2, 3]")
        .withMessageContaining("[2]");
  }

  @Test
  void anExpressionOfMoreTensorsThanGivenIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scope.map(Expr.input(1), matrix))
        .withMessageContaining("input 1 of 1");
  }

  @Test
  void integersStayIntegersUntilReadAsReals() {
    Tensor whole = scope.integers(Shape.of(3), 7, -2, 5);
    assertThat(scope.map(Expr.intInput(0).mul(Expr.integer(2)), whole).type()).isEqualTo(DType.I32);
    assertThat(whole.mul(0.5).toDoubles()).containsExactly(3.5, -1, 2.5);
    assertThat(whole.max(0).toDoubles()).containsExactly(7);
  }

  @Test
  void theNumberOfValuesMustFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scope.constant(TWO_BY_THREE, 1, 2))
        .withMessageContaining("2 values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scope.integers(Shape.of(1), 1, 2))
        .withMessageContaining("2 values");
  }

  @Test
  void reductionsKeepTheirAxes() {
    assertThat(matrix.sum(0).toDoubles()).containsExactly(5, 7, 9);
    assertThat(matrix.sum(0).shape()).isEqualTo(Shape.of(1, 3));
    assertThat(matrix.sum(-1).toDoubles()).containsExactly(6, 15);
    assertThat(matrix.sum().shape()).isEqualTo(Shape.of(1, 1));
    assertThat(matrix.sum().item()).isEqualTo(21);
    assertThat(matrix.mean(1).toDoubles()).containsExactly(2, 5);
    assertThat(matrix.mean(1, 0).item()).isEqualTo(3.5);
    assertThat(matrix.sum(1, -1).toDoubles()).containsExactly(6, 15);
  }

  @Test
  void reductionsOverNothing() {
    Tensor none = scope.constant(Shape.of(0, 3));
    assertThat(none.sum(0).toDoubles()).containsExactly(0, 0, 0);
    assertThat(none.mean(0).toDoubles()).containsExactly(0, 0, 0);
    assertThat(none.sum(1).toDoubles()).isEmpty();
    assertThat(scope.constant(Shape.of(), 4).sum().item()).isEqualTo(4);
  }

  @Test
  void argmaxTakesTheFirstOfSeveralAndFindsNan() {
    Tensor ties = scope.constant(Shape.of(3, 3), 1, 7, 7, 3, 2, 3, 0, Double.NaN, 9);
    assertThat(ties.argmax(-1).toDoubles()).containsExactly(1, 0, 1);
    assertThat(ties.argmax(-1).type()).isEqualTo(DType.I32);
    assertThat(ties.max(-1).toDoubles()).containsExactly(7, 3, Double.NaN);
  }

  @Test
  void products() {
    Tensor other = scope.constant(Shape.of(3, 2), 1, 0, 0, 1, 1, 1);
    assertThat(matrix.matmul(other).toDoubles()).containsExactly(4, 5, 10, 11);
    assertThat(matrix.matmul(matrix.transpose()).toDoubles()).containsExactly(14, 32, 32, 77);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> matrix.matmul(matrix))
        .withMessageContaining("[2, 3]");
  }

  @Test
  void views() {
    assertThat(matrix.transpose().toDoubles()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(matrix.slice(1, 1, 3).toDoubles()).containsExactly(2, 3, 5, 6);
    assertThat(matrix.slice(-1, 0, 1).toDoubles()).containsExactly(1, 4);
    assertThat(matrix.slice(0, 1, 1).toDoubles()).isEmpty();
    assertThat(matrix.reshape(3, 2).toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(matrix.transpose().reshape(6).toDoubles()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(matrix.slice(1, 1, 3).transpose().slice(0, 1, 2).toDoubles()).containsExactly(3, 6);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> matrix.reshape(4))
        .withMessageContaining("[4]");
    assertThatIllegalArgumentException().isThrownBy(() -> matrix.slice(1, 2, 4));
  }

  @Test
  void gatheredRows() {
    Tensor indices = scope.integers(Shape.of(4), 1, 0, 1, 1);
    Tensor rows = matrix.gather(indices);
    assertThat(rows.shape()).isEqualTo(Shape.of(4, 3));
    assertThat(rows.toDoubles()).containsExactly(4, 5, 6, 1, 2, 3, 4, 5, 6, 4, 5, 6);
    assertThat(matrix.transpose().gather(indices.slice(0, 0, 2)).toDoubles())
        .containsExactly(2, 5, 1, 4);
    assertThat(indices.gather(indices).toDoubles()).containsExactly(0, 1, 0, 0);
  }

  /** A square matrix, so that a layout over the wrong rows would not show in the shape. */
  @Test
  void aGatheredOperandKeepsItsRowsWhateverIsDoneToIt() {
    Tensor square = scope.constant(Shape.of(3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Operand indices = scope.integers(Shape.of(3), 2, 0, 1).operand();
    Tensor gathered = scope.constant(square.operand().gather(indices));
    assertThat(gathered.toDoubles()).containsExactly(7, 8, 9, 1, 2, 3, 4, 5, 6);
    assertThat(gathered.transpose().toDoubles()).containsExactly(7, 1, 4, 8, 2, 5, 9, 3, 6);
    assertThat(gathered.slice(0, 1, 3).toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(gathered.slice(1, 0, 1).toDoubles()).containsExactly(7, 1, 4);
    assertThat(gathered.reshape(9).toDoubles()).containsExactly(7, 8, 9, 1, 2, 3, 4, 5, 6);
    assertThat(gathered.gather(scope.constant(indices)).toDoubles())
        .containsExactly(4, 5, 6, 7, 8, 9, 1, 2, 3);
    Tensor unit = scope.constant(Shape.of(3, 1), 1, 0, 0);
    assertThat(gathered.matmul(unit).toDoubles()).containsExactly(7, 1, 4);
    assertThat(gathered.broadcastTo(Shape.of(2, 3, 3)).sum().item()).isEqualTo(90);
  }

  @Test
  void aGatheredSingleRowStretches() {
    Tensor second = scope.constant(matrix.operand().gather(one(1)));
    assertThat(second.add(matrix).toDoubles()).containsExactly(5, 7, 9, 8, 10, 12);
  }

  private Operand one(int index) {
    return scope.integers(Shape.of(1), index).operand();
  }

  @Test
  void aMovingOperandShowsWhereItsCounterStands() {
    Buffer counter = scope.integers(Shape.of(1), 1).operand().buffer();
    Operand moving =
        matrix.operand().with(Layout.contiguous(Shape.of(3), 0)).movedBy(new Cursor(counter, 3));
    Tensor row = scope.constant(moving);
    assertThat(row.toDoubles()).containsExactly(4, 5, 6);
    assertThat(row.reshape(3, 1).toDoubles()).containsExactly(4, 5, 6);
    backend.write(counter, 0, MemorySegment.ofArray(new int[1]));
    assertThat(row.toDoubles()).containsExactly(1, 2, 3);
  }

  @Test
  void hostValues() {
    assertThat(matrix.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThatIllegalStateException().isThrownBy(matrix::item).withMessageContaining("[2, 3]");
    assertThat(scope.fill(Shape.of(2), 1.5).toDoubles()).containsExactly(1.5, 1.5);
  }

  @Test
  void aByteIsReadAsANumberFrom0To255() {
    Operand pixels = Operand.of(backend.allocate(DType.U8, 3), Shape.of(3));
    backend.write(pixels.buffer(), 0, MemorySegment.ofArray(new byte[] {0, 127, (byte) 255}));
    Tensor bytes = scope.constant(pixels);
    assertThat(bytes.toDoubles()).containsExactly(0, 127, 255);
    assertThat(bytes.mul(1 / 255.0).toDoubles()).containsExactly(0, 127 / 255.0, 1);
    backend.free(pixels.buffer());
  }
}
