package nn.plan;

import static nn.plan.Memory.real;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import org.junit.jupiter.api.Test;

/** Of {@link Reshape}, {@link Region} and {@link IntervalSet}, against counting one by one. */
class LayoutsTest {

  private static int[] addresses(Layout layout) {
    Shape shape = layout.shape();
    return IntStream.range(0, shape.size())
        .map(position -> {
          int address = layout.offset();
          int rest = position;
          for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            address += rest % shape.dim(axis) * layout.stride(axis);
            rest /= shape.dim(axis);
          }
          return address;
        })
        .toArray();
  }

  private static Layout random(SplittableRandom random) {
    int rank = random.nextInt(4);
    int[] dims = random.ints(rank, 1, 5).toArray();
    Layout layout = Layout.contiguous(Shape.of(dims), random.nextInt(3));
    if (random.nextBoolean()) {
      return layout;
    }
    int[] strides = layout.strides();
    for (int axis = 0; axis < rank; axis++) {
      strides[axis] = random.nextInt(3) > 0 ? strides[axis] : random.nextInt(7);
    }
    return Layout.of(layout.shape(), strides, layout.offset());
  }

  @Test
  void reshapedLayoutsReachTheSameElementsInOrder() {
    SplittableRandom random = new SplittableRandom(3);
    int possible = 0;
    for (int i = 0; i < 20_000; i++) {
      Layout layout = random(random);
      Shape target = random(random).shape();
      Layout reshaped = Reshape.of(layout, target);
      if (reshaped != null) {
        possible++;
        assertThat(reshaped.shape()).isEqualTo(target);
        assertThat(addresses(reshaped)).containsExactly(addresses(layout));
      } else {
        boolean trivial = layout.isContiguous() && layout.shape().size() == target.size();
        assertThat(trivial).as("%s to %s", layout, target).isFalse();
      }
    }
    assertThat(possible).isGreaterThan(500);
  }

  @Test
  void regionsCoverWhatIsReached() {
    SplittableRandom random = new SplittableRandom(4);
    Operand memory = real(10_000);
    for (int i = 0; i < 5000; i++) {
      Operand operand = memory.with(random(random));
      BitSet reached = new BitSet();
      IntStream.of(addresses(operand.layout())).forEach(reached::set);
      Region region = Region.of(operand);
      assertThat(region.from()).isEqualTo(reached.nextSetBit(0));
      assertThat(region.to()).isEqualTo(reached.length());
      boolean full = reached.cardinality() == region.to() - region.from();
      if (Region.isFilledBy(operand)) {
        assertThat(full).as("%s", operand.layout()).isTrue();
      } else {
        assertThat(operand.layout().isContiguous()).isFalse();
      }
    }
  }

  @Test
  void intervalsAreSetsOfIntegers() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 300; round++) {
      IntervalSet set = new IntervalSet();
      BitSet expected = new BitSet();
      for (int i = 0; i < 30; i++) {
        int from = random.nextInt(40);
        int to = random.nextInt(from, 41);
        if (random.nextBoolean()) {
          set.add(from, to);
          expected.set(from, to);
        } else {
          set.remove(from, to);
          expected.clear(from, to);
        }
        int low = random.nextInt(40);
        int high = random.nextInt(low, 41);
        assertThat(set.contains(low, high))
            .isEqualTo(expected.get(low, high).cardinality() == high - low);
      }
    }
  }
}
