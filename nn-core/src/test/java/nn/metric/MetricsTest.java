package nn.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import nn.backend.Shape;
import nn.tensor.Compute;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static Tensor scores(Scope scope) {
    return scope.constant(Shape.of(4, 3), 1, 5, 2, 9, 0, 0, 3, 3, 1, 0, 0, 7);
  }

  @Test
  void rowsWhoseLargestScoreIsTheLabels() {
    assertThat(
            Compute.values(
                scope -> Metrics.correct(scores(scope), scope.integers(Shape.of(4), 1, 0, 1, 2))))
        .containsExactly(3);
    assertThat(
            Compute.values(
                scope -> Metrics.accuracy(scores(scope), scope.integers(Shape.of(4), 1, 0, 0, 0))))
        .containsExactly(0.75);
  }

  @Test
  void oneHotTargets() {
    double[] oneHot = {0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1};
    assertThat(
            Compute.values(
                scope -> Metrics.correct(scores(scope), scope.constant(Shape.of(4, 3), oneHot))))
        .containsExactly(3);
  }

  @Test
  void aResultOfRankZero() {
    Shape[] shape = new Shape[1];
    Compute.values(scope -> {
      Tensor correct = Metrics.correct(scores(scope), scope.integers(Shape.of(4), 1, 0, 1, 2));
      shape[0] = correct.shape();
      return correct;
    });
    assertThat(shape[0]).isEqualTo(Shape.of());
  }

  @Test
  void labelsThatDoNotFitAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Compute.values(
                scope -> Metrics.correct(scores(scope), scope.integers(Shape.of(3), 1, 0, 1))))
        .withMessageContaining("[4, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Compute.values(scope -> Metrics.correct(scores(scope), scope.fill(Shape.of(4), 1))));
  }

  @Test
  void confusion() {
    ConfusionMatrix matrix =
        new ConfusionMatrix(new int[] {0, 0, 1, 2, 2, 2}, new int[] {0, 1, 1, 2, 2, 0}, 4);
    assertThat(matrix.count(1, 0)).isEqualTo(1);
    assertThat(matrix.count(0, 1)).isZero();
    assertThat(matrix.accuracy()).isEqualTo(4 / 6.0);
    assertThat(matrix.precision(2)).isEqualTo(2 / 3.0);
    assertThat(matrix.recall(1)).isEqualTo(0.5);
    assertThat(matrix.recall(3)).isNaN();
    assertThat(matrix).hasToString("[[1, 0, 1, 0], [1, 1, 0, 0], [0, 0, 2, 0], [0, 0, 0, 0]]");
  }

  @Test
  void impossibleClassesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConfusionMatrix(new int[] {4}, new int[] {0}, 4))
        .withMessageContaining("no class 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConfusionMatrix(new int[2], new int[1], 4));
  }
}
