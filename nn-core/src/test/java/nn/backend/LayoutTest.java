package nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Layouts against the definition: element (i, j, ...) lies at offset + i stride(0) + j stride(1) +
 * ...
 */
class LayoutTest {
  private final SplittableRandom random = new SplittableRandom(11);

  private static int address(Layout layout, int... coordinates) {
    int[] strides = layout.strides();
    return layout.offset()
        + IntStream.range(0, strides.length).map(i -> strides[i] * coordinates[i]).sum();
  }

  /** All addresses in row-major order. */
  private static int[] addresses(Layout layout) {
    Shape shape = layout.shape();
    return IntStream.range(0, shape.size())
        .map(number -> address(layout, coordinates(shape, number)))
        .toArray();
  }

  private static int[] coordinates(Shape shape, int number) {
    int[] coordinates = new int[shape.rank()];
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      coordinates[axis] = number % shape.dim(axis);
      number /= shape.dim(axis);
    }
    return coordinates;
  }

  private Shape shape() {
    return Shape.of(random.ints(random.nextInt(5), 0, 6).toArray());
  }

  private Layout layout() {
    Shape shape = shape();
    return Layout.of(shape, random.ints(shape.rank(), -7, 8).toArray(), 200);
  }

  @Test
  void contiguousNumbersTheElements() {
    for (int i = 0; i < 300; i++) {
      Shape shape = shape();
      Layout layout = Layout.contiguous(shape, 4);
      assertThat(addresses(layout)).containsExactly(IntStream.range(4, 4 + shape.size()).toArray());
      assertThat(layout.isContiguous()).isTrue();
    }
  }

  @Test
  void endIsOneMoreThanTheHighestAddress() {
    for (int i = 0; i < 300; i++) {
      Layout layout = layout();
      assertThat(layout.end()).isEqualTo(1 + Arrays.stream(addresses(layout)).max().orElse(-1));
    }
  }

  @Test
  void isContiguousIffElementsFollowOneAnother() {
    for (int i = 0; i < 2000; i++) {
      Shape shape = Shape.of(random.ints(random.nextInt(4), 0, 4).toArray());
      int[] strides = random.ints(shape.rank(), 0, 7).toArray();
      Layout layout = Layout.of(shape, strides, 5);
      int[] inOrder = IntStream.range(5, 5 + shape.size()).toArray();
      assertThat(layout.isContiguous())
          .as(layout.toString())
          .isEqualTo(Arrays.equals(addresses(layout), inOrder));
    }
  }

  @Test
  void permuteExchangesCoordinates() {
    for (int i = 0; i < 300; i++) {
      Layout layout = layout();
      int rank = layout.shape().rank();
      int[] order = shuffled(rank);
      Layout permuted = layout.permute(order);
      for (int number = 0; number < permuted.shape().size(); number++) {
        int[] there = coordinates(permuted.shape(), number);
        int[] here = new int[rank];
        IntStream.range(0, rank).forEach(axis -> here[order[axis]] = there[axis]);
        assertThat(address(permuted, there)).isEqualTo(address(layout, here));
      }
      if (rank >= 2) {
        assertThat(layout.transpose().transpose()).isEqualTo(layout);
      }
    }
  }

  private int[] shuffled(int rank) {
    int[] order = IntStream.range(0, rank).toArray();
    for (int i = rank - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  @Test
  void sliceKeepsAPartOfAnAxis() {
    for (int i = 0; i < 300; i++) {
      Layout layout = layout();
      if (layout.shape().rank() > 0) {
        int axis = random.nextInt(layout.shape().rank());
        int from = random.nextInt(layout.shape().dim(axis) + 1);
        int to = random.nextInt(from, layout.shape().dim(axis) + 1);
        Layout slice = layout.slice(axis, from, to);
        assertThat(slice.shape()).isEqualTo(layout.shape().with(axis, to - from));
        for (int number = 0; number < slice.shape().size(); number++) {
          int[] there = coordinates(slice.shape(), number);
          int[] here = there.clone();
          here[axis] += from;
          assertThat(address(slice, there)).isEqualTo(address(layout, here));
        }
      }
    }
  }

  @Test
  void anEmptySliceAtTheEndIsFine() {
    Layout backwards = Layout.of(Shape.of(5), new int[] {-1}, 4);
    assertThat(backwards.slice(0, 5, 5).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void anEmptyArrayReachesNothing() {
    Layout empty = Layout.contiguous(Shape.of(0, 1 << 20, 1 << 20), 0);
    assertThat(empty.end()).isZero();
    assertThat(empty.isContiguous()).isTrue();
  }

  @Test
  void broadcastRepeats() {
    Layout row = Layout.contiguous(Shape.of(1, 3), 2);
    assertThat(addresses(row.broadcastTo(Shape.of(2, 2, 3))))
        .containsExactly(2, 3, 4, 2, 3, 4, 2, 3, 4, 2, 3, 4);
    assertThat(row.broadcastTo(row.shape())).isEqualTo(row);
    assertThat(row.broadcastTo(Shape.of(0, 3)).shape().size()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> row.broadcastTo(Shape.of(2, 4)));
    assertThatIllegalArgumentException().isThrownBy(() -> row.broadcastTo(Shape.of(3)));
  }

  @Test
  void equalsWhatNamesTheSameElements() {
    Layout one = Layout.of(Shape.of(3, 1), new int[] {1, 1}, 0);
    Layout same = Layout.of(Shape.of(3, 1), new int[] {1, 9}, 0);
    assertThat(same).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(one).isNotEqualTo(one.at(1));
    assertThat(one).isNotEqualTo(Layout.of(Shape.of(3, 1), new int[] {2, 1}, 0));
  }

  @Test
  void refusesWhatReachesOutside() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Layout.of(Shape.of(3), new int[] {-1}, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Layout.of(Shape.of(3), new int[] {1 << 30}, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Layout.of(Shape.of(3), new int[] {1, 1}, 0));
    Layout layout = Layout.contiguous(Shape.of(3, 4), 0);
    assertThatIllegalArgumentException().isThrownBy(() -> layout.slice(1, 2, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> layout.slice(1, 3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> layout.permute(0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> layout.permute(0));
  }
}
