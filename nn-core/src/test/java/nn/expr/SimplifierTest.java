package nn.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimplifierTest {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private static final Expr I = Expr.intInput(2);

  /**
   * Wherever the expression as written is finite in all its parts, the simplified one has the same
   * value.
   */
  @Test
  void keepsTheValueOfRandomExpressions() {
    RandomMirrors mirrors = new RandomMirrors(42);
    int compared = 0;
    int trials = 20_000;
    for (int i = 0; i < trials; i++) {
      Mirror mirror = mirrors.expression(i % 2 == 0 ? Type.FLOAT : Type.INT, 1 + i % 6);
      double[] inputs = mirrors.inputs();
      double written = mirror.evaluate(inputs);
      if (Double.isFinite(written)) {
        double simplified = Evaluate.value(mirror.built(), inputs);
        if (simplified != written) {
          fail("%s of %s is %s, not %s", mirror, Arrays.toString(inputs), simplified, written);
        }
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(trials / 2);
  }

  @Test
  void theGeneratorUsesEveryOperation() {
    RandomMirrors mirrors = new RandomMirrors(1);
    Set<Op> used = EnumSet.noneOf(Op.class);
    for (int i = 0; i < 2000; i++) {
      collect(mirrors.expression(Type.FLOAT, 6), used);
    }
    assertThat(used).containsExactlyInAnyOrder(Op.values());
  }

  private static void collect(Mirror mirror, Set<Op> used) {
    if (!mirror.arguments().isEmpty()) {
      used.add(mirror.op());
    }
    mirror.arguments().forEach(argument -> collect(argument, used));
  }

  @Test
  void removesWhatDoesNothing() {
    assertThat(X.add(0)).isEqualTo(X);
    assertThat(X.mul(1)).isEqualTo(X);
    assertThat(X.div(1)).isEqualTo(X);
    assertThat(X.neg().neg()).isEqualTo(X);
    assertThat(X.max(X)).isEqualTo(X);
    assertThat(X.lt(Y).not().not()).isEqualTo(X.lt(Y));
    assertThat(Expr.select(X.lt(Y), X, X)).isEqualTo(X);
    assertThat(I.mul(Expr.integer(0))).isEqualTo(Expr.integer(0));
  }

  @Test
  void theLiteralZeroAbsorbs() {
    assertThat(X.mul(0)).isEqualTo(Expr.ZERO);
    assertThat(Expr.ZERO.mul(X)).isEqualTo(Expr.ZERO);
    assertThat(Expr.ZERO.div(X)).isEqualTo(Expr.ZERO);
  }

  @Test
  void computesWithConstants() {
    assertThat(Expr.constant(2).mul(3).add(1)).isEqualTo(Expr.constant(7));
    assertThat(Expr.integer(1).add(Expr.integer(Integer.MAX_VALUE)))
        .isEqualTo(Expr.integer(Integer.MIN_VALUE));
    assertThat(Expr.select(Expr.ONE.lt(Expr.ZERO), X, Y)).isEqualTo(Y);
    assertThat(Expr.constant(2.5).toInt()).isEqualTo(Expr.integer(2));
  }

  /** A mask times a value is 0 where the mask is, also where the value is not finite. */
  @Test
  void aMaskTimesAValueIsAChoice() {
    Expr mask = Expr.select(X.gt(Expr.ZERO), Expr.ONE, Expr.ZERO);
    assertThat(mask.mul(Y)).isEqualTo(Expr.select(X.gt(Expr.ZERO), Y, Expr.ZERO));
    assertThat(Evaluate.value(Y.mul(mask), -1, Double.POSITIVE_INFINITY)).isZero();
  }
}
