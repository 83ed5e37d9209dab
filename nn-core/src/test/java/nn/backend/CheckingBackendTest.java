package nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.Test;

class CheckingBackendTest {
  private static final Expr X = Expr.input(0);

  private final Backend backend = new CheckingBackend(new ReferenceBackend(), true);

  private Operand array(double... values) {
    Buffer buffer = backend.allocate(DType.F64, values.length);
    Transfer.write(backend, buffer, values);
    return Operand.of(buffer, Shape.of(values.length));
  }

  @Test
  void letsWhatIsRightPass() {
    Operand x = array(1, 2, 3);
    backend.compile(List.of(Elementwise.of(X.mul(2), x, x))).run(2);
    assertThat(Transfer.read(backend, x.buffer())).containsExactly(4, 8, 12);
  }

  @Test
  void namesTheCommandAndTheOutputThatIsNotFinite() {
    Operand x = array(1, 0, -1);
    Operand good = array(0, 0, 0);
    Operand bad = array(0, 0, 0);
    Elementwise logs =
        new Elementwise(x.shape(), Program.of(X, X.log()), List.of(x), List.of(good, bad));
    assertThatThrownBy(() -> backend.elementwise(logs))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "output 1 of elementwise [3], 1 in, 2 out, 1 operations is -Infinity at element 1 of"
                + " its buffer");
  }

  @Test
  void scansOnlyWhatWasWritten() {
    Operand x = array(1, 2, Double.NaN);
    Operand part = x.with(x.layout().slice(0, 0, 2));
    backend.elementwise(Elementwise.of(X.neg(), part, part));
    assertThat(Transfer.read(backend, x.buffer())).containsExactly(-1, -2, Double.NaN);
  }

  @Test
  void refusesFreedAndForeignBuffers() {
    Operand x = array(1, 2);
    Operand y = array(1, 2);
    backend.free(x.buffer());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.elementwise(Elementwise.of(X, y, x)))
        .withMessage(
            "elementwise [2], 1 in, 1 out, 0 operations: a buffer of 2 F64 was freed or belongs to"
                + " another backend");
    assertThatIllegalArgumentException().isThrownBy(() -> backend.free(x.buffer()));
    Operand foreign = Operand.of(new ReferenceBackend().allocate(DType.F64, 2), Shape.of(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.elementwise(Elementwise.of(X, y, foreign)));
  }

  @Test
  void refusesOverlaps() {
    Operand x = array(1, 2, 3);
    Operand low = x.with(x.layout().slice(0, 0, 2));
    Operand high = x.with(x.layout().slice(0, 1, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.elementwise(Elementwise.of(X, low, high)))
        .withMessageContaining("overlaps");
  }
}
