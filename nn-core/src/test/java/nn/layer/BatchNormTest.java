package nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Objects;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchNormTest {
  private static final Offset<Double> CLOSE = offset(1e-12);
  private static final double EPSILON = 1e-3;

  private final Backend backend = new ReferenceBackend();
  private final BatchNorm layer = new BatchNorm(2, 0.9, EPSILON);
  private final Parameters parameters = new Parameters(backend, DType.F64, layer.parameters(), 1);

  @AfterEach
  void close() {
    parameters.close();
    backend.close();
  }

  private double[] forward(Mode mode, double... x) {
    try (Scope scope = new Scope(backend, parameters, mode)) {
      return layer.forward(scope.constant(Shape.of(x.length / 2, 2), x), scope).toDoubles();
    }
  }

  private Parameter named(String name) {
    return Objects.requireNonNull(layer.named().get(name));
  }

  private double[] state(String name) {
    return parameters.read(named(name));
  }

  @Test
  void trainingUsesTheBatchsStatistics() {
    double[] y = forward(Mode.TRAIN, 1, 10, 3, 10, 5, 40);
    double first = 2 / Math.sqrt(8 / 3.0 + EPSILON); // mean 3, variance 8/3
    double second = 1 / Math.sqrt(200 + EPSILON); // mean 20, variance 200
    assertThat(y)
        .containsExactly(
            new double[] {-first, -10 * second, 0, -10 * second, first, 20 * second}, CLOSE);
  }

  @Test
  void trainingUpdatesTheRunningStatistics() {
    forward(Mode.TRAIN, 1, 10, 3, 10, 5, 40);
    assertThat(state("runningMean")).containsExactly(new double[] {0.3, 2}, CLOSE);
    assertThat(state("runningVariance"))
        .containsExactly(new double[] {0.9 + 0.1 * 8 / 3, 0.9 + 20}, CLOSE);
    forward(Mode.TRAIN, 0, 0, 2, 4);
    assertThat(state("runningMean")).containsExactly(new double[] {0.27 + 0.1, 1.8 + 0.2}, CLOSE);
    assertThat(state("runningVariance"))
        .containsExactly(new double[] {0.9 * (0.9 + 0.8 / 3) + 0.1, 0.9 * 20.9 + 0.4}, CLOSE);
  }

  @Test
  void evaluationUsesTheRunningStatisticsAndLeavesThemAlone() {
    parameters.write(named("runningMean"), new double[] {1, -1});
    parameters.write(named("runningVariance"), new double[] {4 - EPSILON, 9 - EPSILON});
    parameters.write(named("gamma"), new double[] {2, 3});
    parameters.write(named("beta"), new double[] {0.5, -0.5});
    assertThat(forward(Mode.EVALUATE, 3, 2)).containsExactly(new double[] {2.5, 2.5}, CLOSE);
    assertThat(forward(Mode.EVALUATE, 3, 2, 1, -1))
        .containsExactly(new double[] {2.5, 2.5, 0.5, -0.5}, CLOSE);
    assertThat(state("runningMean")).containsExactly(1, -1);
  }

  @Test
  void gammaAndBetaScaleAndMove() {
    double[] plain = forward(Mode.TRAIN, 1, 10, 3, 10, 5, 40);
    parameters.write(named("gamma"), new double[] {2, -3});
    parameters.write(named("beta"), new double[] {0.5, 7});
    double[] expected = plain.clone();
    Arrays.setAll(expected, i -> i % 2 == 0 ? 2 * plain[i] + 0.5 : -3 * plain[i] + 7);
    assertThat(forward(Mode.TRAIN, 1, 10, 3, 10, 5, 40)).containsExactly(expected, CLOSE);
  }

  @Test
  void aBatchOfOneRowComesOutAsBeta() {
    parameters.write(named("beta"), new double[] {0.25, 4});
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      var y = layer.forward(scope.constant(Shape.of(1, 2), 1e6, -7), scope);
      scope.backward(y.sum());
      assertThat(y.toDoubles()).containsExactly(0.25, 4);
    }
    assertThat(parameters.readGradient(named("gamma"))).containsExactly(0, 0);
    assertThat(parameters.readGradient(named("beta"))).containsExactly(1, 1);
  }

  @Test
  void wrongUseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new BatchNorm(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new BatchNorm(2, 1.5, 1e-5));
    assertThatIllegalArgumentException().isThrownBy(() -> new BatchNorm(2, 0.9, 0));
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> layer.forward(scope.fill(Shape.of(4, 3), 1), scope))
          .withMessageContaining("[4, 3]");
    }
  }
}
