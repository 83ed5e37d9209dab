package nn.plan;

import static nn.plan.Memory.X;
import static nn.plan.Memory.Y;
import static nn.plan.Memory.lines;
import static nn.plan.Memory.real;
import static nn.plan.Memory.temporary;
import static nn.plan.Memory.transposed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import org.junit.jupiter.api.Test;

class ViewFusionTest {
  private final Operand input = real(4, 6);
  private final Operand bias = real(6);
  private final Operand middle = temporary(4, 6);

  private static List<String> rewrite(Command... commands) {
    return lines(new ViewFusion().apply(List.of(commands)));
  }

  /** Every other row, from one on. */
  private static Operand rows(Operand operand, int from) {
    Layout whole = operand.layout();
    int step = 2 * whole.stride(0);
    int[] strides = {step, whole.stride(1)};
    int offset = whole.offset() + from * whole.stride(0);
    return operand.with(Layout.of(Shape.of(2, whole.shape().dim(1)), strides, offset));
  }

  private static Command largest(Operand of) {
    return Elementwise.of(X.max(Y), real(2, 6), rows(of, 0), rows(of, 1));
  }

  @Test
  void theReaderComputesWhatItReadsThroughViews() {
    assertThat(rewrite(Elementwise.of(X.add(Y), middle, input, bias), largest(middle)))
        .containsExactly(
            "elementwise [2, 6]  b2 = max((b0[2, 6]/12,1 + b1[2, 6]/0,1),"
                + " (b0[2, 6]@6/12,1 + b1[2, 6]/0,1))");
  }

  @Test
  void aProductBeforeAPoolingIsStoredAsItIs() {
    Operand product = temporary(4, 6);
    List<Command> commands =
        List.of(
            Gemm.of(real(4, 3), real(3, 6), product),
            Elementwise.of(X.add(Y), middle, product, bias),
            largest(middle));
    assertThat(lines(Optimizer.optimize(commands)))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("gemm [4, 3]·[3, 6]  t0 = (b0 · b1)");
  }

  @Test
  void leavesWhatOthersReadToo() {
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), middle, input),
                largest(middle),
                Elementwise.of(X, real(6, 4), transposed(middle))))
        .hasSize(3);
  }

  @Test
  void leavesWhatIsReadTwice() {
    Elementwise twice =
        Elementwise.of(
            X.max(Y).add(Expr.input(2)),
            real(2, 6),
            rows(middle, 0),
            rows(middle, 1),
            rows(middle, 0).with(middle.layout().slice(0, 1, 3)));
    assertThat(rewrite(Elementwise.of(X.exp(), middle, input), twice)).hasSize(2);
  }

  @Test
  void leavesPlacesThatWouldBeOthers() {
    assertThat(rewrite(Elementwise.of(Expr.index(0).toFloat(), middle), largest(middle)))
        .hasSize(2);
  }

  @Test
  void leavesWhatIsOverwrittenInBetween() {
    Command changed = Elementwise.of(X.neg(), input, input);
    assertThat(rewrite(Elementwise.of(X.exp(), middle, input), changed, largest(middle)))
        .satisfiesAnyOf(
            kept -> assertThat(kept).hasSize(3),
            moved -> assertThat(moved.getFirst()).contains("max"));
  }

  @Test
  void findsTheSamePlacesInAnotherArray() {
    SplittableRandom random = new SplittableRandom(4);
    int found = 0;
    for (int i = 0; i < 2000; i++) {
      Shape shape = Shape.of(random.nextInt(1, 4), random.nextInt(1, 5), random.nextInt(1, 6));
      Layout dense = Layout.contiguous(shape, random.nextInt(3));
      int[] own = {random.nextInt(60), random.nextInt(20), random.nextInt(4)};
      Layout other = Layout.of(shape, own, random.nextInt(5));
      Layout view = view(dense, random);
      Layout through = ViewFusion.through(view, dense, other);
      if (through != null) {
        assertThat(places(through)).isEqualTo(throughEach(view, dense, other));
        found++;
      }
    }
    assertThat(found).isGreaterThan(1000);
  }

  private static Layout view(Layout dense, SplittableRandom random) {
    Layout view = dense;
    for (int axis = 0; axis < 3; axis++) {
      int extent = view.shape().dim(axis);
      int from = random.nextInt(extent);
      view = view.slice(axis, from, random.nextInt(from, extent) + 1);
      view = view.unfold(axis, 1, random.nextInt(1, 3)).select(3, 0);
    }
    return random.nextBoolean() ? view.permute(2, 0, 1) : view;
  }

  private static List<Integer> places(Layout layout) {
    return elements(layout.shape()).stream().map(at -> place(layout, at)).toList();
  }

  /** Element by element: where it lies in the dense array, which place that is, and where else. */
  private static List<Integer> throughEach(Layout view, Layout dense, Layout other) {
    return elements(view.shape()).stream()
        .map(at -> {
          int address = place(view, at);
          return elements(dense.shape()).stream()
              .filter(place -> place(dense, place) == address)
              .map(place -> place(other, place))
              .findFirst()
              .orElseThrow();
        })
        .toList();
  }

  private static int place(Layout layout, int[] at) {
    int place = layout.offset();
    for (int axis = 0; axis < at.length; axis++) {
      place += at[axis] * layout.stride(axis);
    }
    return place;
  }

  private static List<int[]> elements(Shape shape) {
    return IntStream.range(0, shape.size())
        .mapToObj(i -> {
          int[] at = new int[shape.rank()];
          int rest = i;
          for (int axis = at.length - 1; axis >= 0; axis--) {
            at[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
          }
          return at;
        })
        .toList();
  }
}
