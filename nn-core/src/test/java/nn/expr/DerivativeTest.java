package nn.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DerivativeTest {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private static final double STEP = 1e-4;

  private static double slope(Expr expr, double... inputs) {
    return Evaluate.value(expr.derivative(X), inputs);
  }

  private static double difference(Expr expr, double[] at, double step) {
    double[] high = at.clone();
    double[] low = at.clone();
    high[0] += step;
    low[0] -= step;
    return (Evaluate.value(expr, high) - Evaluate.value(expr, low)) / (high[0] - low[0]);
  }

  /** Nothing is compared where a part is not finite, nor near a kink, where two steps disagree. */
  @Test
  void agreesWithDifferencesOnRandomExpressions() {
    RandomMirrors mirrors = new RandomMirrors(7);
    int compared = 0;
    int singular = 0;
    int trials = 10_000;
    for (int i = 0; i < trials; i++) {
      Expr expr = mirrors.expression(Type.FLOAT, 1 + i % 5).built();
      double[] at = mirrors.inputs();
      double coarse = difference(expr, at, STEP);
      double fine = difference(expr, at, STEP / 2);
      double size = 1 + Math.abs(Evaluate.value(expr, at)) + Math.abs(fine);
      if (isFinite(expr, at) && size < 1e4 && Math.abs(coarse - fine) < 1e-7 * size) {
        double actual = slope(expr, at);
        double error = Math.abs(actual - (4 * fine - coarse) / 3);
        if (error > 1e-6 * size) {
          fail("%s at %s: %s, not %s", expr, Arrays.toString(at), actual, fine);
        }
        compared += fine != 0 ? 1 : 0;
        singular += Double.isNaN(error) ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(trials / 5);
    assertThat(singular).as("such as sqrt(x - x)").isLessThan(trials / 200);
  }

  private static boolean isFinite(Expr expr, double[] at) {
    return Arrays.stream(Evaluate.values(Program.of(expr), at)).allMatch(Double::isFinite);
  }

  @Test
  void atATieWithAConstantIsZero() {
    assertThat(slope(X.max(Expr.ZERO), 0)).isZero();
    assertThat(slope(X.min(Expr.ZERO), 0)).isZero();
    assertThat(slope(Expr.constant(2).max(X), 2)).isZero();
    assertThat(slope(Expr.constant(2).min(X), 2)).isZero();
    assertThat(slope(X.max(Expr.ZERO), 1)).isOne();
    assertThat(slope(X.max(Expr.ZERO), -1)).isZero();
    assertThat(slope(Expr.constant(2).min(X), 1)).isOne();
  }

  @Test
  void atATieOfTwoExpressionsIsThatOfTheFirst() {
    assertThat(slope(X.mul(3).max(Y), 1, 3)).isEqualTo(3);
    assertThat(slope(Y.max(X.mul(3)), 1, 3)).isZero();
    assertThat(slope(X.mul(3).min(Y), 1, 3)).isEqualTo(3);
    assertThat(slope(Y.min(X.mul(3)), 1, 3)).isZero();
  }

  @Test
  void ofTheAbsoluteValueAtZeroIsZero() {
    assertThat(slope(X.abs(), 0)).isZero();
    assertThat(slope(X.abs(), -2)).isEqualTo(-1);
    assertThat(slope(X.abs(), 2)).isOne();
  }

  @Test
  void isZeroThroughStepsAndIntegers() {
    assertThat(X.floor().derivative(X)).isEqualTo(Expr.ZERO);
    assertThat(X.toInt().toFloat().mul(Y).derivative(X)).isEqualTo(Expr.ZERO);
    assertThat(X.derivative(Y)).isEqualTo(Expr.ZERO);
  }

  /** So that the backward pass needs the saved result alone. */
  @Test
  void isWrittenInTermsOfTheValue() {
    Expr saved = Expr.input(5);
    for (Expr y : new Expr[] {X.exp(), X.tanh(), X.sigmoid(), X.max(Expr.ZERO)}) {
      Expr fromSaved = y.derivative(X).replace(part -> part.equals(y) ? saved : null);
      boolean readsInput = Program.of(fromSaved).steps().contains(new Program.Leaf(X));
      assertThat(readsInput).as(y.toString()).isFalse();
    }
  }

  @Test
  void ofWhatIsNotRealIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> X.toInt().derivative(X));
    assertThatIllegalArgumentException().isThrownBy(() -> X.lt(Y).derivative(X));
  }
}
