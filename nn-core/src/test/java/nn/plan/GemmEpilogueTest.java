package nn.plan;

import static nn.plan.Memory.X;
import static nn.plan.Memory.Y;
import static nn.plan.Memory.lines;
import static nn.plan.Memory.real;
import static nn.plan.Memory.temporary;
import static nn.plan.Memory.transposed;
import static nn.plan.Memory.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.expr.Expr;
import org.junit.jupiter.api.Test;

class GemmEpilogueTest {
  private final Operand a = real(2, 3);
  private final Operand b = real(3, 4);
  private final Operand product = temporary(2, 4);
  private final Gemm gemm = Gemm.of(a, b, product);

  private static List<String> rewrite(Command... commands) {
    return lines(new GemmEpilogue().apply(List.of(commands)));
  }

  @Test
  void takesBiasAndActivation() {
    Operand biased = temporary(2, 4);
    assertThat(
            rewrite(
                gemm,
                Elementwise.of(X.add(Y), biased, product, real(4)),
                Elementwise.of(X.max(Expr.ZERO), real(2, 4), biased)))
        .containsExactly("gemm [2, 3]·[3, 4]  b3 = max(((b0 · b1) + b2[2, 4]/0,1), 0)");
  }

  @Test
  void storesTheProductIfSomethingElseReadsIt() {
    assertThat(
            rewrite(
                gemm,
                Elementwise.of(X.tanh(), real(2, 4), product),
                Elementwise.of(X, real(4, 2), transposed(product))))
        .containsExactly(
            "gemm [2, 3]·[3, 4]  t0 = (b0 · b1), b2 = tanh((b0 · b1))",
            "elementwise [4, 2]  b3 = t0[4, 2]/1,4");
  }

  @Test
  void givesSeveralResults() {
    assertThat(
            rewrite(
                gemm,
                Elementwise.of(X.tanh(), real(2, 4), product),
                Elementwise.of(X.exp(), real(2, 4), product)))
        .containsExactly("gemm [2, 3]·[3, 4]  b2 = tanh((b0 · b1)), b3 = exp((b0 · b1))");
  }

  @Test
  void writesAFlatCopyDirectly() {
    Operand flat = real(16);
    Operand range = flat.with(flat.layout().slice(0, 8, 16));
    assertThat(rewrite(gemm, Elementwise.of(X, range, view(product, 8))))
        .containsExactly("gemm [2, 3]·[3, 4]  b2[2, 4]@8 = (b0 · b1)");
  }

  @Test
  void takesTheWorkThatPreparesAnOperand() {
    Operand scaled = temporary(2, 4);
    Operand sum = real(2, 4);
    assertThat(
            rewrite(
                Elementwise.of(X.mul(0.5), scaled, sum),
                gemm,
                Elementwise.of(X.add(Y), sum, product, scaled)))
        .containsExactly("gemm [2, 3]·[3, 4]  b2 = ((b0 · b1) + (b2 * 0.500000))");
  }

  @Test
  void leavesAnUpdateOfAFactorThatTheProductReads() {
    Operand weight = real(4, 4);
    Operand gradient = temporary(4, 4);
    assertThat(
            rewrite(
                Gemm.of(real(4, 4), weight, gradient),
                Elementwise.of(X.sub(Y), weight, weight, gradient)))
        .as("the product reads rows of the weight after others would be updated")
        .hasSize(2);
  }

  @Test
  void leavesAnUpdateBehindALaterReader() {
    Operand weight = real(4, 4);
    Operand gradient = temporary(4, 4);
    Operand input = temporary(4, 4);
    Operand dInput = temporary(4, 4);
    List<String> rewritten =
        rewrite(
            Gemm.of(real(4, 4), real(4, 4), gradient),
            Elementwise.of(X, input, real(4, 4)),
            Gemm.of(input, weight, dInput),
            Elementwise.of(X.sub(Y), weight, weight, gradient),
            Elementwise.of(X, real(4, 4), dInput));
    assertThat(rewritten)
        .as("the update follows the product that reads the old weight")
        .containsExactly(
            "elementwise [4, 4]  t0 = b0",
            "gemm [4, 4]·[4, 4]  b2 = (t0 · b1)",
            "gemm [4, 4]·[4, 4]  b1 = (b1 - (b3 · b4))");
  }

  @Test
  void leavesWorkThatWaitsForMoreThanTheProduct() {
    Operand sum = temporary(1, 4);
    Command reduce = Memory.reduce(Combiner.SUM, X, 0, sum, product);
    Command divide = Elementwise.of(X.div(Y), real(2, 4), product, sum);
    assertThat(rewrite(gemm, reduce, divide)).hasSize(3);
  }

  @Test
  void leavesRoundedResultsInMemory() {
    Operand rounded = temporary(DType.BF16, 2, 4);
    assertThat(rewrite(Gemm.of(a, b, rounded), Elementwise.of(X.tanh(), real(2, 4), rounded)))
        .hasSize(2);
  }

  @Test
  void leavesGatheredOperands() {
    Operand rows = real(DType.I32, 2);
    Operand table = real(5, 4).gather(rows);
    assertThat(rewrite(gemm, Elementwise.of(X.add(Y), real(2, 4), product, table))).hasSize(2);
  }

  @Test
  void leavesTransposedReads() {
    assertThat(rewrite(gemm, Elementwise.of(X.tanh(), real(4, 2), transposed(product)))).hasSize(2);
  }
}
