package nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.tensor.Compute;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expressions against plain loops of the formulas. */
class OptimizersTest {
  private static final int STEPS = 50;
  private static final double[] GRADIENTS = new SplittableRandom(6).doubles(STEPS, -1, 1).toArray();

  /** A formula's step: changes the weight and its state, in place. */
  private interface Formula {
    void step(double[] wAndState, double g, int t);
  }

  private static void follows(Optimizer optimizer, double rate, boolean decays, Formula formula) {
    double[] expected = new double[1 + optimizer.states()];
    expected[0] = 0.7;
    double[] actual = expected.clone();
    for (int t = 1; t <= STEPS; t++) {
      formula.step(expected, GRADIENTS[t - 1], t);
      actual = step(optimizer, actual, GRADIENTS[t - 1], optimizer.scalars(rate, t), decays);
      assertThat(actual).as("step " + t).containsExactly(expected, offset(1e-13));
    }
  }

  private static double[] step(
      Optimizer optimizer, double[] wAndState, double g, double[] scalars, boolean decays) {
    assertThat(scalars).hasSize(optimizer.scalarCount());
    int states = optimizer.states();
    List<Expr> state = inputs(2, states);
    List<Expr> numbers = inputs(2 + states, scalars.length);
    List<Expr> updates = optimizer.update(Expr.input(0), Expr.input(1), numbers, state, decays);
    assertThat(updates).hasSize(1 + states);
    return updates.stream()
        .mapToDouble(update ->
            Compute.values(scope -> scope.map(update, values(scope, wAndState, g, scalars)))[0])
        .toArray();
  }

  private static List<Expr> inputs(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(Expr::input).toList();
  }

  private static Tensor[] values(Scope scope, double[] wAndState, double g, double[] scalars) {
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(scope.constant(Shape.of(), wAndState[0]));
    inputs.add(scope.constant(Shape.of(), g));
    for (int i = 1; i < wAndState.length; i++) {
      inputs.add(scope.constant(Shape.of(), wAndState[i]));
    }
    for (double scalar : scalars) {
      inputs.add(scope.constant(Shape.of(), scalar));
    }
    return inputs.toArray(Tensor[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"momentum", "nesterov", "rmsprop", "adam", "adamw"})
  void meansOfADeadUnitBecomeZeroRatherThanSubnormal(String name) {
    Optimizer optimizer = Optimizers.named(name);
    double[] wAndState = new double[1 + optimizer.states()];
    Arrays.fill(wAndState, 2e-30);
    wAndState[0] = 0.7;
    for (int t = 1; t <= 1000; t++) {
      wAndState = step(optimizer, wAndState, 0, optimizer.scalars(0.01, t), false);
    }
    assertThat(wAndState).startsWith(0.7);
    assertThat(Arrays.copyOfRange(wAndState, 1, wAndState.length)).containsOnly(0.0);
  }

  @Test
  void sgd() {
    follows(Optimizers.named("sgd"), 0.01, true, (s, g, t) -> s[0] -= 0.01 * g);
  }

  @Test
  void momentum() {
    follows(
        Optimizers.named("momentum"),
        0.01,
        true,
        (s, g, t) -> {
          s[1] = 0.9 * s[1] - 0.01 * g;
          s[0] += s[1];
        });
  }

  @Test
  void nesterov() {
    follows(
        Optimizers.named("nesterov"),
        0.01,
        true,
        (s, g, t) -> {
          s[1] = 0.9 * s[1] - 0.01 * g;
          s[0] += 0.9 * s[1] - 0.01 * g;
        });
  }

  @Test
  void adaGrad() {
    follows(
        Optimizers.named("adagrad"),
        0.01,
        true,
        (s, g, t) -> {
          s[1] += g * g;
          s[0] -= 0.01 * g / (Math.sqrt(s[1]) + 1e-7);
        });
  }

  @Test
  void rmsProp() {
    follows(
        Optimizers.named("rmsprop"),
        0.01,
        true,
        (s, g, t) -> {
          s[1] = 0.99 * s[1] + 0.01 * g * g;
          s[0] -= 0.01 * g / (Math.sqrt(s[1]) + 1e-7);
        });
  }

  private static void adamStep(double[] s, double g, int t) {
    s[1] += 0.1 * (g - s[1]);
    s[2] += 0.001 * (g * g - s[2]);
    double rate = 0.001 * Math.sqrt(1 - Math.pow(0.999, t)) / (1 - Math.pow(0.9, t));
    s[0] -= rate * s[1] / (Math.sqrt(s[2]) + 1e-7);
  }

  @Test
  void adam() {
    follows(Optimizers.named("adam"), 0.001, true, OptimizersTest::adamStep);
  }

  @Test
  void adamWDecaysWhatIsToDecay() {
    follows(
        Optimizers.named("adamw"),
        0.001,
        true,
        (s, g, t) -> {
          s[0] -= 0.001 * 0.01 * s[0];
          adamStep(s, g, t);
        });
    follows(Optimizers.named("adamw"), 0.001, false, OptimizersTest::adamStep);
  }

  @Test
  void otherCoefficients() {
    follows(
        new Momentum(0.5),
        0.1,
        true,
        (s, g, t) -> {
          s[1] = 0.5 * s[1] - 0.1 * g;
          s[0] += s[1];
        });
  }

  /** The gaps between arrays in the flat buffers are updated too, and must stay zero. */
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"})
  void aWeightOfZeroWithoutGradientStaysZero(String name) {
    Optimizer optimizer = Optimizers.named(name);
    double[] zeros = new double[1 + optimizer.states()];
    double[] scalars = optimizer.scalars(optimizer.defaultLearningRate(), 1);
    for (double value : step(optimizer, zeros, 0, scalars, true)) {
      assertThat(value == 0).isTrue();
    }
  }

  @Test
  void namesAndDefaultRates() {
    assertThat(Optimizers.names())
        .containsExactly("adagrad", "adam", "adamw", "momentum", "nesterov", "rmsprop", "sgd");
    assertThat(Optimizers.named("sgd").defaultLearningRate()).isEqualTo(0.01);
    assertThat(Optimizers.named("rmsprop").defaultLearningRate()).isEqualTo(0.01);
    assertThat(Optimizers.named("adam").defaultLearningRate()).isEqualTo(0.001);
    assertThat(Optimizers.named("adamw").defaultLearningRate()).isEqualTo(0.001);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Optimizers.named("foo"))
        .withMessageContaining("\"foo\"")
        .withMessageContaining("adagrad, adam, adamw");
  }

  @Test
  void impossibleCoefficientsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Momentum(1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Nesterov(-0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new RmsProp(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Adam(0.9, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(new Adam(), -1));
  }
}
