package nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import nn.backend.Shape;
import nn.expr.Expr;
import nn.tensor.Compute;
import org.junit.jupiter.api.Test;

class RegularizerTest {
  private static final Expr W = Expr.input(0);

  private static double[] at(Expr expr) {
    return Compute.values(scope -> scope.map(expr, scope.constant(Shape.of(3), -2, 0, 3)));
  }

  private static void holds(Regularizer regularizer, double[] penalty, double[] gradient) {
    Expr expr = regularizer.penalty(W);
    assertThat(at(expr)).containsExactly(penalty, offset(1e-15));
    assertThat(at(expr.derivative(W))).containsExactly(gradient, offset(1e-15));
  }

  @Test
  void l2() {
    holds(Regularizer.l2(0.1), new double[] {0.2, 0, 0.45}, new double[] {-0.2, 0, 0.3});
  }

  @Test
  void l1() {
    holds(Regularizer.l1(0.1), new double[] {0.2, 0, 0.3}, new double[] {-0.1, 0, 0.1});
  }

  @Test
  void sums() {
    holds(
        Regularizer.sum(Regularizer.l1(0.1), Regularizer.l2(0.1)),
        new double[] {0.4, 0, 0.75},
        new double[] {-0.3, 0, 0.4});
    holds(Regularizer.sum(), new double[3], new double[3]);
  }

  @Test
  void impossibleStrengthsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Regularizer.l1(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> Regularizer.l2(Double.NaN));
  }
}
