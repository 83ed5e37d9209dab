package nn.plan;

import static nn.plan.Memory.X;
import static nn.plan.Memory.Y;
import static nn.plan.Memory.lines;
import static nn.plan.Memory.real;
import static nn.plan.Memory.temporary;
import static nn.plan.Memory.transposed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nn.backend.Command;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Of the rewrites that look at one command at a time, or at commands without common values. */
class SmallRewritesTest {
  private static final Expr ONE = Expr.ONE;

  private static Operand range(Operand flat, int from, int to) {
    return flat.with(flat.layout().slice(0, from, to));
  }

  @Nested
  class OfZeroFill {
    private final Operand whole = temporary(8);

    @Test
    void fillsWhatIsReadUnwritten() {
      assertThat(
              lines(
                  ZeroFill.apply(
                      List.of(
                          Elementwise.of(X, range(whole, 0, 4), real(4)),
                          Elementwise.of(X, real(8), whole)))))
          .containsExactly(
              "elementwise [8]  t0 = 0", "elementwise [4]  t0[4] = b0", "elementwise [8]  b1 = t0");
    }

    @Test
    void leavesWhatWasWrittenInParts() {
      List<Command> complete =
          List.of(
              Elementwise.of(X, range(whole, 4, 8), real(4)),
              Elementwise.of(X, range(whole, 0, 4), real(4)),
              Elementwise.of(X, real(8), whole));
      assertThat(ZeroFill.apply(complete)).isEqualTo(complete);
    }

    @Test
    void leavesMemoryOfTheBackend() {
      List<Command> copy = List.of(Elementwise.of(X, real(8), real(8)));
      assertThat(ZeroFill.apply(copy)).isEqualTo(copy);
    }
  }

  @Nested
  class OfDeadCode {
    @Test
    void removesWhatReachesNoEffect() {
      Operand unread = temporary(4);
      Operand alsoUnread = temporary(4);
      assertThat(
              DeadCode.apply(
                  List.of(
                      Elementwise.of(X, unread, real(4)),
                      Elementwise.of(X.neg(), alsoUnread, unread))))
          .isEmpty();
    }

    @Test
    void removesDeadOutputsAndTheInputsTheyNeeded() {
      Operand x = real(4);
      Elementwise both =
          new Elementwise(
              x.shape(),
              Program.of(X.exp(), Y.exp()),
              List.of(real(4), x),
              List.of(temporary(4), real(4)));
      assertThat(lines(DeadCode.apply(List.of(both))))
          .containsExactly("elementwise [4]  b1 = exp(b0)");
    }

    @Test
    void removesWhatIsOverwritten() {
      Operand gradients = real(8);
      assertThat(
              lines(
                  DeadCode.apply(
                      List.of(
                          Elementwise.of(Expr.ZERO, gradients),
                          Elementwise.of(X, range(gradients, 0, 4), real(4)),
                          Elementwise.of(X, range(gradients, 4, 8), real(4))))))
          .hasSize(2);
    }

    @Test
    void keepsWhatIsOverwrittenInPart() {
      Operand gradients = real(8);
      List<Command> list =
          List.of(
              Elementwise.of(Expr.ZERO, gradients),
              Elementwise.of(X, range(gradients, 0, 4), real(4)));
      assertThat(DeadCode.apply(list)).isEqualTo(list);
    }

    @Test
    void keepsWhatIsReadBeforeItIsOverwritten() {
      Operand state = real(8);
      List<Command> list =
          List.of(
              Elementwise.of(ONE, state),
              Elementwise.of(X, real(8), state),
              Elementwise.of(Expr.ZERO, state));
      assertThat(DeadCode.apply(list)).isEqualTo(list);
    }

    @Test
    void keepsTheIndicesOfAGather() {
      Operand indices = temporary(DType.I32, 3);
      List<Command> list =
          List.of(
              Elementwise.of(Expr.index(0), indices),
              Elementwise.of(X, real(3, 2), real(5, 2).gather(indices)));
      assertThat(DeadCode.apply(list)).isEqualTo(list);
    }

    @Test
    void keepsWhatACursorMayRead() {
      Operand table = temporary(8);
      Operand counter = real(DType.I32, 1);
      Operand entry = range(table, 0, 1).movedBy(new Cursor(counter.buffer(), 1));
      List<Command> list =
          List.of(Elementwise.of(X, table, real(8)), Elementwise.of(X, real(1), entry));
      assertThat(DeadCode.apply(list)).isEqualTo(list);
    }
  }

  @Nested
  class OfConstants {
    @Test
    void replaceReadsThroughBroadcastAndTransposition() {
      Operand one = temporary(1, 1);
      Operand ones = temporary(2, 3);
      assertThat(
              lines(
                  Constants.apply(
                      List.of(
                          Elementwise.of(ONE, one),
                          Elementwise.of(X.mul(3), ones, one),
                          Elementwise.of(X.mul(Y), real(3, 2), real(3, 2), transposed(ones))))))
          .endsWith("elementwise [3, 2]  b1 = (b0 * 3)");
    }

    @Test
    void endWhereMemoryIsOverwritten() {
      Operand gradients = real(8);
      assertThat(
              lines(
                  Constants.apply(
                      List.of(
                          Elementwise.of(ONE, gradients),
                          Elementwise.of(X, range(gradients, 2, 4), real(2)),
                          Elementwise.of(X, real(3), range(gradients, 0, 3)),
                          Elementwise.of(X, real(4), range(gradients, 4, 8))))))
          .endsWith("elementwise [3]  b2 = b0[3]", "elementwise [4]  b3 = 1");
    }

    @Test
    void areRoundedAsMemoryRounds() {
      Operand tenth = temporary(1);
      List<Command> rewritten =
          Constants.apply(
              List.of(
                  Elementwise.of(Expr.constant(0.1), tenth),
                  Elementwise.of(X, real(DType.F64, 1), tenth)));
      assertThat(((Elementwise) rewritten.getLast()).program().expressions())
          .containsExactly(Expr.constant(0.1f));
    }
  }

  @Nested
  class OfCommonCommands {
    private final Operand x = real(2, 2);
    private final Operand first = temporary(2, 2);
    private final Operand second = temporary(2, 2);
    private final Command use = Elementwise.of(X.add(Y), real(2, 2), first, transposed(second));

    @Test
    void computeOnce() {
      assertThat(
              lines(
                  CommonCommands.apply(List.of(Gemm.of(x, x, first), Gemm.of(x, x, second), use))))
          .containsExactly(
              "gemm [2, 2]·[2, 2]  t0 = (b0 · b0)", "elementwise [2, 2]  b1 = (t0 + t0[2, 2]/1,2)");
    }

    @Test
    void computeAgainFromOtherValues() {
      List<Command> list =
          List.of(Gemm.of(x, x, first), Elementwise.of(X.neg(), x, x), Gemm.of(x, x, second), use);
      assertThat(CommonCommands.apply(list)).isEqualTo(list);
    }

    @Test
    void computeAgainIfTheResultIsOverwritten() {
      List<Command> list =
          List.of(
              Gemm.of(x, x, first),
              Elementwise.of(X.neg(), first, first),
              Gemm.of(x, x, second),
              use);
      assertThat(CommonCommands.apply(list)).isEqualTo(list);
    }
  }

  @Nested
  class OfNeighbours {
    private final Operand counter = real(DType.I32, 1);

    private List<String> rewrite(Command... commands) {
      return lines(new NeighbourFusion().apply(List.of(commands)));
    }

    @Test
    void smallUpdatesBecomeOne() {
      Operand v = real(4);
      Operand w = real(4);
      assertThat(
              rewrite(
                  Elementwise.of(X.mul(0.5), v, v),
                  Gemm.of(real(2, 2), real(2, 2), real(2, 2)),
                  Elementwise.of(X.mul(0.25), w, w)))
          .hasSize(2)
          .contains("elementwise [4]  b3 = (b3 * 0.500000), b4 = (b4 * 0.250000)");
    }

    @Test
    void largeOnesOnlyIfTheyReadTheSame() {
      int n = NeighbourFusion.SMALL + 1;
      Operand x = real(n);
      Command exp = Elementwise.of(X.exp(), real(n), x);
      assertThat(rewrite(exp, Elementwise.of(X.neg(), real(n), real(n)))).hasSize(2);
      assertThat(rewrite(exp, Elementwise.of(X.neg(), real(n), x))).hasSize(1);
    }

    @Test
    void aCounterStaysBehindThoseThatItMoves() {
      Operand log = real(9);
      Operand entry = range(log, 0, 1).movedBy(new Cursor(counter.buffer(), 1));
      Command write = Elementwise.of(X, entry, real(1));
      Command advance = Elementwise.of(Expr.intInput(0).add(Expr.integer(1)), counter, counter);
      assertThat(rewrite(write, advance)).hasSize(2);
    }
  }

  @Nested
  class OfAdjacentRanges {
    private final Operand values = real(12);
    private final Operand gradients = real(12);
    private final Operand rate = real(1);

    private Command update(int from, int to, Expr expr) {
      Operand w = range(values, from, to);
      return Elementwise.of(expr, w, w, range(gradients, from, to), rate);
    }

    private final Expr descend = X.sub(Y.mul(Expr.input(2)));

    @Test
    void becomeOneRange() {
      List<Command> list = List.of(update(8, 12, descend), update(0, 8, descend));
      assertThat(lines(new AdjacentRanges().apply(list)))
          .containsExactly("elementwise [12]  b0 = (b0 - (b1 * b2[12]/0))");
    }

    @Test
    void stayApartIfTheyDifferOrLeaveAGap() {
      List<Command> other = List.of(update(0, 8, descend), update(8, 12, X.sub(Y)));
      List<Command> gap = List.of(update(0, 7, descend), update(8, 12, descend));
      assertThat(new AdjacentRanges().apply(other)).isEqualTo(other);
      assertThat(new AdjacentRanges().apply(gap)).isEqualTo(gap);
    }

    @Test
    void stayApartIfTheyCountTheirElements() {
      Expr counted = X.add(Expr.position().toFloat());
      List<Command> list = List.of(update(0, 8, counted), update(8, 12, counted));
      assertThat(new AdjacentRanges().apply(list)).isEqualTo(list);
    }
  }
}
