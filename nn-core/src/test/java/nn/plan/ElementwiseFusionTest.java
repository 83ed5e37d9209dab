package nn.plan;

import static nn.plan.Memory.X;
import static nn.plan.Memory.Y;
import static nn.plan.Memory.lines;
import static nn.plan.Memory.real;
import static nn.plan.Memory.temporary;
import static nn.plan.Memory.transposed;
import static nn.plan.Memory.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.expr.Expr;
import org.junit.jupiter.api.Test;

class ElementwiseFusionTest {
  private final Operand input = real(2, 3);
  private final Operand middle = temporary(2, 3);

  private static List<String> rewrite(Command... commands) {
    return lines(new ElementwiseFusion().apply(List.of(commands)));
  }

  @Test
  void passesValuesInRegisters() {
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), middle, input),
                Elementwise.of(X.add(Y), real(2, 3), middle, input)))
        .containsExactly("elementwise [2, 3]  b1 = (exp(b0) + b0)");
  }

  @Test
  void storesWhatOthersRead() {
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), middle, input),
                Elementwise.of(X.neg(), real(2, 3), middle),
                Elementwise.of(X, real(3, 2), transposed(middle))))
        .containsExactly(
            "elementwise [2, 3]  t0 = exp(b0), b1 = neg(exp(b0))",
            "elementwise [3, 2]  b2 = t0[3, 2]/1,3");
  }

  @Test
  void followsUpdatesInPlace() {
    assertThat(
            rewrite(
                Elementwise.of(X.mul(2), input, input),
                Elementwise.of(X.add(1), input, input),
                Elementwise.of(X.exp(), real(2, 3), input)))
        .containsExactly("elementwise [2, 3]  b0 = ((b0 * 2) + 1), b1 = exp(((b0 * 2) + 1))");
  }

  @Test
  void seesThroughReshapes() {
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), middle, input),
                Elementwise.of(X.neg(), real(6), view(middle, 6)),
                Elementwise.of(X.tanh(), real(2, 1, 3), view(middle, 2, 1, 3))))
        .containsExactly("elementwise [2, 3]  b1 = neg(exp(b0)), b2 = tanh(exp(b0))");
  }

  @Test
  void renumbersCoordinates() {
    Expr column = Expr.index(2).toFloat();
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), middle, input),
                Elementwise.of(X.mul(column), real(2, 1, 3), view(middle, 2, 1, 3))))
        .containsExactly("elementwise [2, 3]  b1 = (exp(b0) * to_float(index1))");
  }

  @Test
  void leavesCoordinatesThatAReshapeChanges() {
    Expr place = Expr.index(0).toFloat();
    assertThat(
            rewrite(
                Elementwise.of(X.mul(place), middle, input),
                Elementwise.of(X.mul(place), real(6), view(middle, 6))))
        .hasSize(2);
  }

  @Test
  void keepsThePosition() {
    Expr place = Expr.position().toFloat();
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), middle, input),
                Elementwise.of(X.mul(place), real(6), view(middle, 6))))
        .containsExactly("elementwise [2, 3]  b1 = (exp(b0) * to_float(position))");
  }

  @Test
  void convertsIntegersThatAreReadAsRealNumbers() {
    Operand whole = temporary(DType.I32, 2, 3);
    assertThat(
            rewrite(
                Elementwise.of(X.toInt(), whole, input),
                Elementwise.of(X.mul(0.5), real(2, 3), whole)))
        .containsExactly("elementwise [2, 3]  b1 = (to_float(to_int(b0)) * 0.500000)");
  }

  @Test
  void leavesProducersReadThroughBroadcast() {
    Operand row = temporary(1, 3);
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), row, real(1, 3)),
                Elementwise.of(X.mul(Y), real(2, 3), input, row)))
        .hasSize(2);
  }

  @Test
  void leavesWhatAThirdMustSeparate() {
    Operand sum = temporary(2, 1);
    assertThat(
            rewrite(
                Elementwise.of(X.exp(), middle, input),
                Memory.reduce(Combiner.SUM, X, 1, sum, middle),
                Elementwise.of(X.div(Y), real(2, 3), middle, sum)))
        .containsExactly(
            "elementwise [2, 3]  t0 = exp(b0)",
            "reduce [2, 3] over [1]  t1 = sum t0",
            "elementwise [2, 3]  b1 = (t0 / t1[2, 3]/1,0)");
  }

  @Test
  void leavesInPlaceUpdatesOfWhatIsReadStretched() {
    Operand column = real(2, 1);
    Operand first = column.broadcastTo(input.shape());
    assertThat(
            rewrite(
                Elementwise.of(X.add(Y), middle, input, first),
                Elementwise.of(X, input.with(input.layout().slice(1, 0, 1)), column),
                Elementwise.of(X.neg(), input, middle)))
        .as("the column of the input is overwritten between")
        .hasSize(3);
  }

  @Test
  void leavesTheOldValueToThoseThatReadIt() {
    Operand old = temporary(2, 3);
    List<Command> rewritten =
        new ElementwiseFusion()
            .apply(
                List.of(
                    Elementwise.of(X, old, input),
                    Elementwise.of(X.add(1), input, input),
                    Elementwise.of(X.sub(Y), real(2, 3), input, old)));
    assertThat(lines(rewritten))
        .containsExactly("elementwise [2, 3]  b0 = (b0 + 1), b1 = ((b0 + 1) - b0)");
  }

  @Test
  void staysWithinItsLimits() {
    List<Command> chain = new ArrayList<>();
    Operand last = input;
    for (int i = 0; i < 3 * ElementwiseFusion.MAX_OPERATIONS / 2; i++) {
      Operand next = temporary(2, 3);
      chain.add(Elementwise.of(X.exp(), next, last));
      last = next;
    }
    chain.add(Elementwise.of(X, real(2, 3), last));
    assertThat(new ElementwiseFusion().apply(chain)).hasSize(2);
  }
}
