package nn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import nn.backend.Shape;
import nn.check.Difference;
import nn.check.GradientCheck;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.loss.Losses;
import nn.tensor.Initializer;
import nn.tensor.Tensor;
import nn.tensor.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backpropagation through every layer against differences, in double. */
class LayerGradientTest {
  private static final double TOLERANCE = 1e-6;
  private static final Initializer NORMAL = Initializers.normal(0.7);

  private static List<Difference> check(Layer layer, int... input) {
    List<Difference> differences = GradientCheck.ofLayer(layer, 5, Shape.of(input));
    assertThat(differences).isNotEmpty();
    assertThat(differences)
        .allSatisfy(d -> assertThat(d.relative()).as(d.toString()).isLessThan(TOLERANCE));
    return differences;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"relu", "sigmoid", "tanh", "leaky-relu", "gelu", "silu", "softplus", "identity"})
  void activations(String name) {
    assertThat(check(new Activation(Activations.named(name)), 5, 7))
        .allSatisfy(d -> assertThat(d.backpropagated()).isNotZero());
    check(new Activation(Activations.named(name)), 1, 3);
  }

  @Test
  void anActivationOfOnesOwnIsOneExpression() {
    UnaryOperator<Expr> own = x -> x.mul(x.mul(1.702).sigmoid());
    check(new Activation(own), 4, 3);
    check(Sequential.of(new Linear(3, 4, NORMAL), new Activation(own)), 5, 3);
  }

  @Test
  void linear() {
    assertThat(check(new Linear(5, 3, NORMAL), 7, 5))
        .extracting(Difference::array)
        .containsExactly("weight", "bias", "input");
    check(new Linear(1, 1, NORMAL), 1, 1);
    check(new Linear(17, 9, NORMAL), 1, 17);
  }

  @Test
  void softmaxAndItsLogarithm() {
    check(new Softmax(), 4, 5);
    check(new LogSoftmax(), 4, 5);
    check(new Softmax(), 1, 2);
    check(new LogSoftmax(), 2, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 19})
  void normalizations(int rows) {
    check(new BatchNorm(3), rows, 3);
    check(new LayerNorm(6), rows, 6);
  }

  @Test
  void batchNormOfSequences() {
    check(new BatchNorm(3), 4, 2, 3);
  }

  @Test
  void dropoutWithinAModel() {
    check(Sequential.of(new Linear(4, 9, NORMAL), new Dropout(0.4), new Dropout(0.2)), 6, 4);
  }

  @Test
  void convolution() {
    Window square = Window.of(3);
    assertThat(check(new Conv2d(2, 3, square, NORMAL), 2, 5, 4, 2))
        .extracting(Difference::array)
        .containsExactly("weight", "bias", "input");
    check(new Conv2d(1, 1, Window.of(1), NORMAL), 1, 1, 1, 1);
    check(new Conv2d(2, 2, square.padding(1), NORMAL), 1, 4, 3, 2);
    check(new Conv2d(2, 3, square.stride(2), NORMAL), 2, 7, 6, 2);
    check(new Conv2d(1, 2, Window.of(2).stride(3).padding(2), NORMAL), 2, 5, 7, 1);
    check(new Conv2d(2, 2, new Window(1, 3, 2, 1, 0, 1), NORMAL), 3, 4, 3, 2);
    check(new Conv2d(1, 2, new Window(4, 2, 1, 3, 3, 0), NORMAL), 1, 3, 6, 1);
  }

  @Test
  void poolingSideBySide() {
    check(new MaxPool2d(2), 2, 4, 6, 3);
    check(new AvgPool2d(2), 2, 4, 6, 3);
    check(new MaxPool2d(2), 1, 5, 3, 1); // a row and a column in no window
    check(new AvgPool2d(3), 1, 7, 5, 2);
    check(new MaxPool2d(Window.of(1).stride(2)), 2, 3, 4, 2);
  }

  @Test
  void poolingOfOverlappingAndPaddedWindows() {
    check(new MaxPool2d(Window.of(3).stride(2).padding(1)), 2, 5, 6, 2);
    check(new AvgPool2d(Window.of(3).stride(2).padding(1)), 2, 5, 6, 2);
    check(new MaxPool2d(Window.of(2)), 1, 4, 4, 3);
    check(new AvgPool2d(new Window(2, 3, 1, 2, 1, 0)), 1, 4, 5, 1);
  }

  @Test
  void aConvolutionalModel() {
    check(
        Sequential.of(
            new Reshape(Shape.of(6, 6, 1)),
            new Conv2d(1, 3, Window.of(3), NORMAL),
            new BatchNorm(3),
            new Activation(Activations::tanh),
            new MaxPool2d(2),
            new Conv2d(3, 2, Window.of(2), NORMAL),
            new Flatten(),
            new Linear(2, 2, NORMAL)),
        3,
        36);
  }

  @Test
  void flattenAndReshape() {
    check(Sequential.of(new Flatten(), new Linear(6, 2, NORMAL)), 3, 2, 3);
    check(new Reshape(Shape.of(3, 2)), 4, 6);
  }

  @Test
  void aLayerUsedTwiceGetsBothGradients() {
    Linear shared = new Linear(4, 4, NORMAL);
    List<Difference> differences =
        check(Sequential.of(shared, new Activation(Activations::tanh), shared), 3, 4);
    assertThat(differences)
        .extracting(Difference::array)
        .containsExactly("0.weight", "0.bias", "input");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void aWholeModelWithItsLoss(int rows) {
    Sequential model =
        Models.mlp(6, new int[] {7, 5}, 4, Activations::tanh, Initializers.xavier(), true, 0.25);
    double[] pixels = new SplittableRandom(9).doubles(6L * rows).toArray();
    int[] labels = new SplittableRandom(8).ints(rows, 0, 4).toArray();
    List<Difference> differences =
        GradientCheck.ofModel(
            model,
            1,
            scope -> {
              Tensor x = scope.constant(Shape.of(rows, 6), pixels);
              return Losses.softmaxCrossEntropy(
                  model.forward(x, scope), scope.integers(Shape.of(rows), labels));
            });
    assertThat(differences).hasSize(10);
    assertThat(differences)
        .allSatisfy(d -> assertThat(d.relative()).as(d.toString()).isLessThan(TOLERANCE));
  }
}
