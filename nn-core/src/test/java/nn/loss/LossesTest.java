package nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.function.Function;
import nn.backend.Shape;
import nn.init.Initializers;
import nn.layer.Linear;
import nn.layer.Softmax;
import nn.tensor.Compute;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossesTest {
  private static final Offset<Double> CLOSE = offset(1e-12);
  private static final double[] Y = {0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0};
  private static final double[] T = {0, 0, 1, 0, 0, 0, 0, 0, 0, 0};

  private static double[] probabilities(Loss loss, Function<Scope, Tensor> t) {
    return Compute.values(scope -> loss.apply(scope.constant(Shape.of(1, 10), Y), t.apply(scope)));
  }

  private static Tensor oneHot(Scope scope) {
    return scope.constant(Shape.of(1, 10), T);
  }

  private static Tensor label(Scope scope) {
    return scope.integers(Shape.of(1), 2);
  }

  @Test
  void meanSquaredErrorOfTheNotes() {
    double[] loss = probabilities(Losses::meanSquaredError, LossesTest::oneHot);
    assertThat(loss).containsExactly(new double[] {0.0195}, CLOSE);
  }

  @Test
  void crossEntropyOfTheNotes() {
    double[] expected = {0.510825457099338};
    assertThat(probabilities(Losses::crossEntropy, LossesTest::oneHot))
        .containsExactly(expected, offset(1e-15));
    assertThat(probabilities(Losses::crossEntropy, LossesTest::label))
        .containsExactly(expected, offset(1e-15));
  }

  @Test
  void aBatchsLossIsTheMeanOverRows() {
    double[] y = {0.5, 0.5, 0.25, 0.75};
    double expected = -(Math.log(0.5 + 1e-7) + Math.log(0.75 + 1e-7)) / 2;
    double[] loss =
        Compute.values(scope ->
            Losses.crossEntropy(
                scope.constant(Shape.of(2, 2), y), scope.integers(Shape.of(2), 0, 1)));
    assertThat(loss).containsExactly(new double[] {expected}, CLOSE);
  }

  @Test
  void theSoftmaxNetOfTheNotes() {
    double[] w = {-0.32688493, 0.66694564, -0.33586083, 0.84330568, -0.52344912, -0.53677751};
    Linear layer = new Linear(2, 3, (shape, random) -> w);
    double[] logits = Compute.values(Mode.EVALUATE, layer.parameters(), scope -> net(layer, scope));
    assertThat(logits)
        .containsExactly(new double[] {0.56284415, -0.07093683, -0.68461625}, offset(1e-8));
    Parameter weight = layer.weight();
    assertThat(loss(layer, (z, t) -> Losses.crossEntropy(softmax(z), t)))
        .isEqualTo(1.84509512, offset(1e-8)); // 1e-7 inside the logarithm
    assertThat(loss(layer, Losses::softmaxCrossEntropy)).isEqualTo(1.84509576, offset(1e-8));
    double[] notes = {0.33006634, 0.17512722, -0.50519357, 0.49509952, 0.26269083, -0.75779035};
    assertThat(gradient(weight, w, (z, t) -> Losses.crossEntropy(softmax(z), t)))
        .containsExactly(notes, offset(1e-8));
    assertThat(gradient(weight, w, Losses::softmaxCrossEntropy))
        .containsExactly(notes, offset(1e-6));
  }

  private static double[] gradient(Parameter weight, double[] w, Loss loss) {
    return Compute.gradient(
        weight,
        w,
        scope -> {
          Tensor x = scope.constant(Shape.of(1, 2), 0.6, 0.9);
          return loss.apply(x.matmul(scope.of(weight)), label(scope));
        });
  }

  private static double loss(Linear layer, Loss loss) {
    return Compute.values(
        Mode.EVALUATE, layer.parameters(), scope -> loss.apply(net(layer, scope), label(scope)))[0];
  }

  private static Tensor softmax(Tensor logits) {
    return new Softmax().forward(logits, logits.scope());
  }

  private static Tensor net(Linear layer, Scope scope) {
    return layer.forward(scope.constant(Shape.of(1, 2), 0.6, 0.9), scope);
  }

  @Test
  void logitsAndProbabilitiesAgreeUpToTheTinyConstant() {
    double[] z = {0.3, -1, 2, 0, 0.5, 1};
    double[][] losses = new double[3][];
    losses[0] =
        Compute.values(scope ->
            Losses.softmaxCrossEntropy(
                scope.constant(Shape.of(2, 3), z), scope.integers(Shape.of(2), 2, 0)));
    losses[1] =
        Compute.values(scope ->
            Losses.softmaxCrossEntropy(
                scope.constant(Shape.of(2, 3), z),
                scope.constant(Shape.of(2, 3), 0, 0, 1, 1, 0, 0)));
    losses[2] =
        Compute.values(scope ->
            Losses.crossEntropy(
                softmax(scope.constant(Shape.of(2, 3), z)), scope.integers(Shape.of(2), 2, 0)));
    assertThat(losses[1]).containsExactly(losses[0], CLOSE);
    assertThat(losses[2]).containsExactly(losses[0], offset(1e-6));
  }

  @Test
  void softLabelsAreWeightedAndNeedNotAddUpToOne() {
    double[] loss =
        Compute.values(scope ->
            Losses.softmaxCrossEntropy(
                scope.constant(Shape.of(1, 2), 0, 0), scope.constant(Shape.of(1, 2), 3, 0.5)));
    assertThat(loss).containsExactly(new double[] {3.5 * Math.log(2)}, CLOSE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e4, -1e4, 1e30})
  void hugeLogitsGiveNoNan(double huge) {
    Parameter z = new Parameter("z", Shape.of(2, 3), Parameter.Kind.WEIGHT, Initializers.zeros());
    double[] logits = {huge, 0, -huge, huge, huge, huge};
    double[] gradient =
        Compute.gradient(
            z,
            logits,
            scope -> Losses.softmaxCrossEntropy(scope.of(z), scope.integers(Shape.of(2), 1, 1)));
    assertThat(gradient).doesNotContain(Double.NaN);
    double[] second = {1 / 6.0, -1 / 3.0, 1 / 6.0};
    assertThat(Arrays.copyOfRange(gradient, 3, 6)).containsExactly(second, CLOSE);
    double[] loss =
        Compute.values(scope ->
            Losses.softmaxCrossEntropy(
                scope.constant(Shape.of(2, 3), logits), scope.integers(Shape.of(2), 1, 1)));
    assertThat(loss[0])
        .isCloseTo((Math.abs(huge) + Math.log(3)) / 2, offset(Math.abs(huge) * 1e-15));
  }

  @Test
  void theGradientOfSoftmaxCrossEntropyIsProbabilityMinusTarget() {
    Parameter z = new Parameter("z", Shape.of(1, 3), Parameter.Kind.WEIGHT, Initializers.zeros());
    double[] logits = {1, 2, 4};
    double[] p = Compute.values(scope -> softmax(scope.constant(Shape.of(1, 3), logits)));
    double[] gradient =
        Compute.gradient(
            z,
            logits,
            scope -> Losses.softmaxCrossEntropy(scope.of(z), scope.integers(Shape.of(1), 1)));
    assertThat(gradient).containsExactly(new double[] {p[0], p[1] - 1, p[2]}, CLOSE);
  }

  @Test
  void derivativesThroughASigmoid() {
    Parameter z = new Parameter("z", Shape.of(1, 1), Parameter.Kind.WEIGHT, Initializers.zeros());
    for (double v : new double[] {-3, -0.2, 0, 1.7}) {
      for (double y : new double[] {0, 0.3, 1}) {
        double s = 1 / (1 + Math.exp(-v));
        double[] at = {v};
        double[] square =
            Compute.gradient(
                z,
                at,
                scope ->
                    Losses.meanSquaredError(scope.of(z).map(e -> e.sigmoid()), target(scope, y))
                        .mul(0.5));
        assertThat(square).containsExactly(new double[] {-(y - s) * s * (1 - s)}, CLOSE);
        double[] fromLogits =
            Compute.gradient(
                z, at, scope -> Losses.binaryCrossEntropyFromLogits(scope.of(z), target(scope, y)));
        assertThat(fromLogits).containsExactly(new double[] {s - y}, CLOSE);
        double[] fromProbabilities =
            Compute.gradient(
                z,
                at,
                scope ->
                    Losses.binaryCrossEntropy(scope.of(z).map(e -> e.sigmoid()), target(scope, y)));
        assertThat(fromProbabilities).containsExactly(new double[] {s - y}, offset(1e-5));
      }
    }
  }

  private static Tensor target(Scope scope, double y) {
    return scope.constant(Shape.of(1, 1), y);
  }

  @Test
  void binaryCrossEntropyOfHugeLogits() {
    double[] loss =
        Compute.values(scope ->
            Losses.binaryCrossEntropyFromLogits(
                scope.constant(Shape.of(2, 2), 1e4, -1e4, 1e4, -1e4),
                scope.constant(Shape.of(2, 2), 1, 0, 0, 1)));
    assertThat(loss).containsExactly(1e4);
    assertThat(
            Compute.values(scope ->
                Losses.binaryCrossEntropy(
                    scope.constant(Shape.of(2), 1, 0), scope.constant(Shape.of(2), 0, 0))))
        .containsExactly(new double[] {-Math.log(1e-7) / 2}, offset(1e-6));
  }

  @Test
  void lossesHaveRankZero() {
    Shape[] shapes = new Shape[4];
    Compute.values(scope -> {
      Tensor y = scope.constant(Shape.of(1, 10), Y);
      shapes[0] = Losses.softmaxCrossEntropy(y, label(scope)).shape();
      shapes[1] = Losses.crossEntropy(y, oneHot(scope)).shape();
      shapes[2] = Losses.meanSquaredError(y, oneHot(scope)).shape();
      shapes[3] = Losses.binaryCrossEntropy(y, oneHot(scope)).shape();
      return y;
    });
    assertThat(shapes).containsOnly(Shape.of());
  }

  @Test
  void targetsThatDoNotFitAreRefused() {
    for (Loss loss : new Loss[] {Losses::softmaxCrossEntropy, Losses::crossEntropy}) {
      refuses(loss, scope -> scope.integers(Shape.of(2), 0, 1));
      refuses(loss, scope -> scope.integers(Shape.of(1, 1), 0));
      refuses(loss, scope -> scope.fill(Shape.of(1), 0));
      refuses(loss, scope -> scope.fill(Shape.of(1, 9), 0));
      refuses(loss, scope -> scope.integers(Shape.of(1, 10), new int[10]));
    }
    for (Loss loss :
        new Loss[] {
          Losses::meanSquaredError, Losses::binaryCrossEntropy, Losses::binaryCrossEntropyFromLogits
        }) {
      refuses(loss, scope -> scope.fill(Shape.of(10), 0));
      refuses(loss, scope -> scope.fill(Shape.of(1, 1), 0));
    }
  }

  private static void refuses(Loss loss, Function<Scope, Tensor> target) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> probabilities(loss, target))
        .withMessageContaining("[1, 10]");
  }
}
