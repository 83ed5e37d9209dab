package nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void countsElements() {
    assertThat(Shape.of().size()).isOne();
    assertThat(Shape.of(3, 0, 5).size()).isZero();
    assertThat(Shape.of(3, 4, 5).size()).isEqualTo(60);
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(1 << 16, 1 << 15));
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(3, -1));
  }

  @Test
  void axesCountFromEitherEnd() {
    Shape shape = Shape.of(3, 4, 5);
    assertThat(shape.dim(-1)).isEqualTo(5);
    assertThat(shape.axis(-3)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> shape.dim(3));
    assertThatIllegalArgumentException().isThrownBy(() -> shape.dim(-4));
    assertThat(shape.reduced(0, -1)).isEqualTo(Shape.of(1, 4, 1));
  }

  @Test
  void broadcastsAxesOfExtentOne() {
    assertThat(Shape.of(3, 1).broadcast(Shape.of(4))).isEqualTo(Shape.of(3, 4));
    assertThat(Shape.of(1).broadcast(Shape.of(0))).isEqualTo(Shape.of(0));
    assertThat(Shape.of().broadcast(Shape.of(2, 3))).isEqualTo(Shape.of(2, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(3).broadcast(Shape.of(4)));
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(0).broadcast(Shape.of(2)));
  }

  @Test
  void keepsItsExtentsToItself() {
    int[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 9;
    shape.dims()[1] = 9;
    assertThat(shape).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
  }
}
