package nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import nn.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

class OperandTest {
  private final Backend backend = new ReferenceBackend();

  private Operand array(DType type, int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(backend.allocate(type, shape.size()), shape);
  }

  @Test
  void staysWithinItsBuffer() {
    Buffer buffer = backend.allocate(DType.F32, 11);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Operand.of(buffer, Shape.of(3, 4)))
        .withMessageContaining("beyond a buffer of 11");
    assertThat(Operand.of(buffer, Shape.of(0, 4)).shape().size()).isZero();
  }

  @Test
  void gathersAsManyRowsAsThereAreIndices() {
    Operand data = array(DType.U8, 5, 3);
    assertThat(data.gather(array(DType.I32, 9)).shape()).isEqualTo(Shape.of(9, 3));
    assertThat(data.gather(array(DType.I32, 0)).shape()).isEqualTo(Shape.of(0, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> data.gather(array(DType.U8, 2)));
    assertThatIllegalArgumentException().isThrownBy(() -> data.gather(array(DType.I32, 2, 2)));
    Operand twice = array(DType.I32, 4).gather(array(DType.I32, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> data.gather(twice));
  }

  @Test
  void aGatherStretchesAlongOtherAxesOnly() {
    Operand column = array(DType.F32, 5, 1).gather(array(DType.I32, 4));
    assertThat(column.broadcastTo(Shape.of(4, 6)).shape()).isEqualTo(Shape.of(4, 6));
    assertThatIllegalArgumentException().isThrownBy(() -> column.broadcastTo(Shape.of(2, 4, 6)));
    Operand single = array(DType.F32, 5, 1).gather(array(DType.I32, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> single.broadcastTo(Shape.of(4, 1)));
  }

  @Test
  void cursorsCountInIntegers() {
    Buffer counter = backend.allocate(DType.I32, 1);
    assertThat(array(DType.F32, 1).movedBy(new Cursor(counter, 1)).isPlain()).isFalse();
    Buffer real = backend.allocate(DType.F32, 1);
    assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(real, 1));
    Buffer none = backend.allocate(DType.I32, 0);
    assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(none, 1));
  }
}
