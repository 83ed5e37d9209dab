package nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.List;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.init.Initializers;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final int ROWS = 200;
  private static final int COLUMNS = 100;

  private final Backend backend = new ReferenceBackend();
  private final Parameter ones =
      new Parameter(
          "ones", Shape.of(ROWS, COLUMNS), Parameter.Kind.WEIGHT, Initializers.constant(1));
  private final Parameters parameters = new Parameters(backend, DType.F64, List.of(ones), 1);

  @AfterEach
  void close() {
    parameters.close();
    backend.close();
  }

  private double[] drop(Layer layer, Mode mode, int seed) {
    try (Scope scope = new Scope(backend, parameters, mode)) {
      scope.seed(seed(scope, seed));
      return layer.forward(scope.of(ones), scope).toDoubles();
    }
  }

  private static Operand seed(Scope scope, int seed) {
    return scope.integers(Shape.of(1), seed).operand();
  }

  private static double shareOfZeros(double[] values) {
    return Arrays.stream(values).filter(v -> v == 0).count() / (double) values.length;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.15, 0.5, 0.9})
  void dropsItsShareAndScalesTheRest(double p) {
    double[] y = drop(new Dropout(p), Mode.TRAIN, 7);
    double deviation = Math.sqrt(p * (1 - p) / y.length);
    assertThat(shareOfZeros(y)).isEqualTo(p, offset(4 * deviation));
    assertThat(Arrays.stream(y).filter(v -> v != 0)).allMatch(v -> v == 1 / (1 - p));
  }

  @Test
  void everyRowAndColumnIsHit() {
    double[] y = drop(new Dropout(0.5), Mode.TRAIN, 3);
    for (int j = 0; j < COLUMNS; j++) {
      int column = j;
      double[] values = new double[ROWS];
      Arrays.setAll(values, i -> y[i * COLUMNS + column]);
      assertThat(shareOfZeros(values)).isBetween(0.3, 0.7);
    }
  }

  @Test
  void theSeedDecidesTheMask() {
    Dropout layer = new Dropout(0.5);
    double[] y = drop(layer, Mode.TRAIN, 7);
    assertThat(drop(layer, Mode.TRAIN, 7)).containsExactly(y);
    assertThat(agreement(drop(layer, Mode.TRAIN, 8), y)).isEqualTo(0.5, offset(0.02));
  }

  @Test
  void layersOfOneStepDrawMasksOfTheirOwn() {
    Dropout first = new Dropout(0.5);
    Dropout second = new Dropout(0.5);
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      scope.seed(seed(scope, 7));
      double[] a = first.forward(scope.of(ones), scope).toDoubles();
      double[] b = second.forward(scope.of(ones), scope).toDoubles();
      assertThat(agreement(a, b)).isEqualTo(0.5, offset(0.02));
      assertThat(agreement(b, drop(first, Mode.TRAIN, 8))).isEqualTo(0.5, offset(0.02));
    }
  }

  private static double agreement(double[] a, double[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return same / (double) a.length;
  }

  @Test
  void theBackwardMaskIsTheForwardOne() {
    double[] forward;
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      scope.seed(seed(scope, 11));
      Tensor y = new Dropout(0.3).forward(scope.of(ones), scope);
      scope.backward(y.sum());
      forward = y.toDoubles();
    }
    assertThat(parameters.readGradient(ones)).containsExactly(forward);
  }

  @Test
  void evaluationDropsNothing() {
    assertThat(drop(new Dropout(0.9), Mode.EVALUATE, 7)).containsOnly(1);
    assertThat(drop(new Dropout(0), Mode.TRAIN, 7)).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
  void impossibleProbabilitiesAreRefused(double p) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dropout(p))
        .withMessageContaining(String.valueOf(p));
  }
}
