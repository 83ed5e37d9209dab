package nn.plan;

import static nn.plan.Memory.X;
import static nn.plan.Memory.Y;
import static nn.plan.Memory.lines;
import static nn.plan.Memory.real;
import static nn.plan.Memory.reduce;
import static nn.plan.Memory.temporary;
import static nn.plan.Memory.transposed;
import static nn.plan.Memory.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Rows;
import nn.expr.Expr;
import org.junit.jupiter.api.Test;

class RowChainsTest {
  private final Operand logits = real(8, 5);
  private final Operand max = temporary(8, 1);
  private final Operand sum = temporary(8, 1);
  private final Command findMax = reduce(Combiner.MAX, X, 1, max, logits);
  private final Command sumUp = reduce(Combiner.SUM, X.sub(Y).exp(), 1, sum, logits, max);

  private static List<Command> rewrite(Command... commands) {
    return new RowChains().apply(List.of(commands));
  }

  @Test
  void softmaxIsOneChain() {
    Command divide =
        Elementwise.of(X.sub(Y).exp().div(Expr.input(2)), real(8, 5), logits, max, sum);
    assertThat(lines(rewrite(findMax, sumUp, divide)))
        .containsExactly(
            """
            rows [8, 5]  internal t0, t1
                   reduce [8, 5] over [1]  t0 = max b0
                   reduce [8, 5] over [1]  t1 = sum exp((b0 - t0[8, 5]/1,0))
                   elementwise [8, 5]  b1 = (exp((b0 - t0[8, 5]/1,0)) / t1[8, 5]/1,0)\
            """);
  }

  @Test
  void storesWhatIsReadOutside() {
    List<Command> chain =
        rewrite(findMax, sumUp, Elementwise.of(X.add(Y), real(3, 8), real(3, 8), view(sum, 1, 8)));
    assertThat(chain).hasSize(2);
    assertThat(chain.getFirst()).isInstanceOf(Rows.class);
    assertThat(((Rows) chain.getFirst()).internal()).containsExactly(max);
  }

  @Test
  void takesWorkOnTheResultsOfRowsWhateverItsShape() {
    Command loss = Elementwise.of(X.log().add(Y), real(8), view(sum, 8), view(max, 8));
    assertThat(rewrite(findMax, sumUp, loss)).hasSize(1);
  }

  @Test
  void leavesReductionsOverOtherAxes() {
    Operand column = temporary(1, 5);
    Command total = reduce(Combiner.SUM, X, 0, column, logits);
    Command subtract = Elementwise.of(X.sub(Y), real(8, 5), logits, column);
    assertThat(rewrite(total, subtract)).hasSize(2);
  }

  @Test
  void leavesUpdatesThatOtherRowsWouldSee() {
    Operand square = real(5, 5);
    Operand rowSum = temporary(5, 1);
    Command total = reduce(Combiner.SUM, X, 1, rowSum, transposed(square));
    Command update = Elementwise.of(X.sub(Y), square, square, rowSum);
    assertThat(rewrite(total, update)).hasSize(2);
  }

  @Test
  void takesUpdatesWithinTheRow() {
    Command update = Elementwise.of(X.sub(Y), logits, logits, max);
    assertThat(rewrite(findMax, update)).hasSize(1);
  }

  @Test
  void leavesLongRows() {
    int n = RowChains.MAX_ROW + 1;
    Operand data = real(2, n);
    Operand total = temporary(2, 1);
    Command sums = reduce(Combiner.SUM, X, 1, total, data);
    assertThat(rewrite(sums, Elementwise.of(X.div(Y), real(2, n), data, total))).hasSize(2);
  }

  @Test
  void leavesCommandsWithoutAValueInCommon() {
    Command other = reduce(Combiner.SUM, X, 1, real(8, 1), real(8, 5));
    assertThat(rewrite(findMax, other)).containsExactly(findMax, other);
  }
}
