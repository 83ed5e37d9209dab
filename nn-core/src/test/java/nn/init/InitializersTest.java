package nn.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import nn.backend.Shape;
import nn.tensor.Initializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializersTest {
  private static final Shape WEIGHT = Shape.of(200, 300);

  private static double[] values(Initializer initializer, Shape shape) {
    return initializer.values(shape, new SplittableRandom(4));
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "he, 0.1",
    "relu, 0.1",
    "xavier, 0.0707106781",
    "sigmoid, 0.0707106781",
    "std:0.01, 0.01",
    "std:1, 1"
  })
  void standardDeviations(String name, double expected) {
    double[] values = values(Initializers.named(name), WEIGHT);
    assertThat(values).hasSize(WEIGHT.size());
    assertThat(deviation(values)).isEqualTo(expected, offset(0.02 * expected));
    assertThat(Arrays.stream(values).average().orElseThrow())
        .isEqualTo(0, offset(5 * expected / Math.sqrt(values.length)));
    double within = Arrays.stream(values).filter(v -> Math.abs(v) < expected).count();
    assertThat(within / values.length).as("a normal distribution").isEqualTo(0.6827, offset(0.01));
  }

  @Test
  void constants() {
    assertThat(values(Initializers.zeros(), Shape.of(2, 3))).containsExactly(new double[6]);
    assertThat(values(Initializers.named("zeros"), Shape.of(2))).containsExactly(0, 0);
    assertThat(values(Initializers.constant(1.5), Shape.of(2))).containsExactly(1.5, 1.5);
    assertThat(values(Initializers.he(), Shape.of(0, 3))).isEmpty();
  }

  @Test
  void theGeneratorDecides() {
    assertThat(values(Initializers.he(), WEIGHT))
        .containsExactly(values(Initializers.he(), WEIGHT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hee", "", "std", "std:", "std:x", "std:-1", "std:NaN", "std:Infinity"})
  void otherNamesAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initializers.named(name))
        .withMessageMatching(".*(there are: he|no number follows std|standard deviation).*");
  }
}
