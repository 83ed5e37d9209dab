package nn.plan;

import static nn.plan.Memory.X;
import static nn.plan.Memory.Y;
import static nn.plan.Memory.lines;
import static nn.plan.Memory.real;
import static nn.plan.Memory.reduce;
import static nn.plan.Memory.temporary;
import static nn.plan.Memory.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.SparseGemm;
import org.junit.jupiter.api.Test;

/** Of {@link ReduceFusion}, {@link ReducePairs} and {@link UnitReductions}. */
class ReduceFusionTest {
  private final Operand input = real(200, 300);
  private final Operand middle = temporary(200, 300);
  private final Operand sums = temporary(1, 300);

  private static List<String> rewrite(Command... commands) {
    return lines(new ReduceFusion().apply(List.of(commands)));
  }

  private static List<String> pairs(Command... commands) {
    return lines(new ReducePairs().apply(List.of(commands)));
  }

  @Test
  void mapsWhileItCombines() {
    assertThat(
            rewrite(
                Elementwise.of(X.square(), middle, input),
                reduce(Combiner.SUM, X.mul(0.5), 0, real(1, 300), middle)))
        .containsExactly("reduce [200, 300] over [0]  b1 = sum ((b0 * b0) * 0.500000)");
  }

  @Test
  void leavesWhatIsStoredAnyway() {
    assertThat(
            rewrite(
                Elementwise.of(X.square(), middle, input),
                reduce(Combiner.SUM, X, 0, real(1, 300), middle),
                Elementwise.of(X, real(60000), view(middle, 60000))))
        .hasSize(3);
  }

  @Test
  void combinesIntoTheCopysTarget() {
    Operand gradients = real(1000);
    Operand bias = gradients.with(gradients.layout().slice(0, 100, 400));
    assertThat(
            rewrite(
                reduce(Combiner.SUM, X, 0, sums, input), Elementwise.of(X, bias, view(sums, 300))))
        .containsExactly("reduce [200, 300] over [0]  b1[1, 300]@100 = sum b0");
  }

  @Test
  void gathersIntoTheCopysTarget() {
    Operand weights = temporary(2, 1, 3);
    Operand gradients = real(100);
    Operand target = gradients.with(gradients.layout().slice(0, 40, 46));
    SparseGemm gather = gather(weights);
    List<Command> rewritten =
        new ReduceFusion().apply(List.of(gather, Elementwise.of(X, target, view(weights, 6))));
    assertThat(rewritten).hasSize(1);
    Operand written = rewritten.getFirst().outputs().getFirst();
    assertThat(written.shape()).isEqualTo(weights.shape());
    assertThat(written.buffer()).isSameAs(gradients.buffer());
    assertThat(written.layout().offset()).isEqualTo(40);
  }

  @Test
  void leavesACopyOfWhatIsGatheredToWhereItHasGaps() {
    Operand weights = temporary(2, 1, 3);
    Operand columns = real(2, 1, 5);
    Operand target = columns.with(columns.layout().slice(2, 0, 3));
    assertThat(
            new ReduceFusion().apply(List.of(gather(weights), Elementwise.of(X, target, weights))))
        .hasSize(2);
  }

  /** Two candidates of two windows of two images of 4x4, two terms one below the other. */
  private static SparseGemm gather(Operand weights) {
    Operand images = real(2, 4, 4);
    Layout seen = Layout.of(Shape.of(2, 2, 2, 2, 1), new int[] {16, 2, 1, 4, 1}, 0);
    return new SparseGemm(
        SparseGemm.Direction.GATHER,
        images,
        images.with(seen),
        real(2, 2, 3),
        real(DType.U8, 2, 2, 3),
        weights);
  }

  @Test
  void leavesACopyOfAResultThatIsReadElsewhere() {
    assertThat(
            rewrite(
                reduce(Combiner.SUM, X, 0, sums, input),
                Elementwise.of(X, real(300), view(sums, 300)),
                Elementwise.of(X.add(Y), real(200, 300), input, sums)))
        .hasSize(3);
  }

  @Test
  void leavesACopyIntoItsOwnInput() {
    Operand row = input.with(input.layout().slice(0, 0, 1));
    assertThat(rewrite(reduce(Combiner.SUM, X, 0, sums, input), Elementwise.of(X, row, sums)))
        .hasSize(2);
  }

  @Test
  void readsTheSameDataOnce() {
    assertThat(
            pairs(
                reduce(Combiner.SUM, X, 0, real(1, 300), input),
                reduce(Combiner.MAX, X.abs(), 0, real(1, 300), input)))
        .containsExactly("reduce [200, 300] over [0]  b1 = sum b0, b2 = max abs(b0)");
  }

  @Test
  void leavesOtherAxesAndOtherData() {
    assertThat(
            pairs(
                reduce(Combiner.SUM, X, 0, real(1, 300), input),
                reduce(Combiner.SUM, X, 1, real(200, 1), input),
                reduce(Combiner.SUM, X, 0, real(1, 300), real(200, 300))))
        .hasSize(3);
  }

  @Test
  void leavesReductionsThatDependOnEachOther() {
    Operand peak = temporary(1, 300);
    assertThat(
            pairs(
                reduce(Combiner.MAX, X, 0, peak, input),
                reduce(Combiner.SUM, X.sub(Y).exp(), 0, real(1, 300), input, peak)))
        .hasSize(2);
  }

  @Test
  void reductionsOfExtentOneAreMaps() {
    Command one = reduce(Combiner.SUM, X.mul(2), 0, real(1, 3), real(1, 3));
    Command several = reduce(Combiner.SUM, X, 0, real(1, 3), real(2, 3));
    Command index = reduce(Combiner.ARGMAX, X, 0, real(DType.I32, 1, 3), real(1, 3));
    assertThat(lines(UnitReductions.apply(List.of(one, several, index))))
        .containsExactly(
            "elementwise [1, 3]  b1 = (b0 * 2)",
            "reduce [2, 3] over [0]  b3 = sum b2",
            "reduce [1, 3] over [0]  b5 = argmax b4");
  }
}
