package nn.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Function;
import nn.backend.Shape;
import nn.check.GradientCheck;
import nn.layer.Activations;
import nn.layer.Softmax;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backpropagation through every loss against differences, for ragged sizes and a batch of one. */
class LossGradientTest {
  private static final double TOLERANCE = 1e-6;

  private static void check(Function<Tensor, Tensor> loss, int rows, int columns) {
    assertThat(
            GradientCheck.ofFunction(7, in -> loss.apply(in.getFirst()), Shape.of(rows, columns)))
        .allSatisfy(d -> assertThat(d.relative()).as(d.toString()).isLessThan(TOLERANCE));
  }

  private static Tensor labels(Scope scope, int rows, int columns) {
    int[] labels = new SplittableRandom(2).ints(rows, 0, columns).toArray();
    return scope.integers(Shape.of(rows), labels);
  }

  private static Tensor shares(Scope scope, int rows, int columns) {
    double[] shares = new SplittableRandom(2).doubles((long) rows * columns).toArray();
    return scope.constant(Shape.of(rows, columns), shares);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "1, 10", "3, 7", "5, 33", "17, 1"})
  void everyLoss(int n, int c) {
    check(z -> Losses.softmaxCrossEntropy(z, labels(z.scope(), n, c)), n, c);
    check(z -> Losses.softmaxCrossEntropy(z, shares(z.scope(), n, c)), n, c);
    check(z -> Losses.crossEntropy(softmax(z), labels(z.scope(), n, c)), n, c);
    check(z -> Losses.crossEntropy(softmax(z), shares(z.scope(), n, c)), n, c);
    check(z -> Losses.meanSquaredError(z, shares(z.scope(), n, c)), n, c);
    check(z -> Losses.binaryCrossEntropyFromLogits(z, shares(z.scope(), n, c)), n, c);
    check(
        z -> Losses.binaryCrossEntropy(z.map(Activations::sigmoid), shares(z.scope(), n, c)), n, c);
  }

  private static Tensor softmax(Tensor z) {
    return new Softmax().forward(z, z.scope());
  }
}
