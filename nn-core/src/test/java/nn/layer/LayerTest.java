package nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.function.UnaryOperator;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.tensor.Compute;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LayerTest {

  private static double[] values(Layer layer, Shape shape, double... x) {
    return Compute.values(
        Mode.EVALUATE, layer.parameters(), scope -> layer.forward(scope.constant(shape, x), scope));
  }

  private static double at(UnaryOperator<Expr> activation, double x) {
    return values(new Activation(activation), Shape.of(1), x)[0];
  }

  @Test
  void activationsAtKnownPoints() {
    assertThat(at(Activations::relu, -3)).isZero();
    assertThat(at(Activations::relu, 3)).isEqualTo(3);
    assertThat(at(Activations::relu, Double.NaN)).isNaN();
    assertThat(at(Activations::sigmoid, 0)).isEqualTo(0.5);
    assertThat(at(Activations::tanh, 0.5)).isEqualTo(Math.tanh(0.5));
    assertThat(at(x -> Activations.leakyRelu(x, 0.1), -2)).isEqualTo(-0.2, offset(1e-15));
    assertThat(at(Activations::identity, -2)).isEqualTo(-2);
    assertThat(at(Activations::gelu, 1)).isEqualTo(0.8411919906, offset(1e-9));
    assertThat(at(Activations::silu, 1)).isEqualTo(1 / (1 + Math.exp(-1)), offset(1e-15));
    assertThat(at(Activations::softplus, 0)).isEqualTo(Math.log(2), offset(1e-15));
  }

  @Test
  void softplusNeitherOverflowsNorForgetsItsSlopeAtZero() {
    assertThat(at(Activations::softplus, 1e4)).isEqualTo(1e4);
    assertThat(at(Activations::softplus, -1e4)).isZero();
    assertThat(at(Activations::softplus, Double.NaN)).isNaN();
    Parameter w = new Parameter("w", Shape.of(3), Parameter.Kind.WEIGHT, Initializers.zeros());
    assertThat(
            Compute.gradient(
                w,
                new double[] {0, 1e4, -1e4},
                scope -> scope.of(w).map(Activations::softplus).sum()))
        .containsExactly(0.5, 1, 0);
  }

  @Test
  void sigmoidIsSymmetricAndItsDerivativeIsItselfTimesTheRest() {
    Expr x = Expr.input(0);
    Expr slope = x.sigmoid().derivative(x);
    for (double v : new double[] {-700, -5, -0.3, 0, 0.3, 5, 700}) {
      double s = at(Activations::sigmoid, v);
      assertThat(s + at(Activations::sigmoid, -v)).isEqualTo(1, offset(1e-15));
      assertThat(at(e -> e.tanh(), v / 2)).isEqualTo(2 * s - 1, offset(1e-15));
      assertThat(Compute.values(scope -> scope.map(slope, scope.constant(Shape.of(1), v)))[0])
          .isEqualTo(s * (1 - s), offset(1e-15));
    }
  }

  @Test
  void unknownActivationsAreRefusedWithTheKnownNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Activations.named("rleu"))
        .withMessageContaining("rleu")
        .withMessageContaining("gelu, identity, leaky-relu, relu");
  }

  @Test
  void linearIsAffine() {
    Linear layer = new Linear(2, 3, (shape, random) -> new double[] {1, 2, 3, 4, 5, 6});
    Layer moved = (x, scope) -> layer.forward(x, scope).add(scope.fill(Shape.of(3), 0.5));
    assertThat(layer.weight().kind()).isEqualTo(Parameter.Kind.WEIGHT);
    assertThat(layer.bias().kind()).isEqualTo(Parameter.Kind.BIAS);
    assertThat(values(layer, Shape.of(2, 2), 1, 0, 1, 1)).containsExactly(1, 2, 3, 5, 7, 9);
    assertThat(moved.parameters()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> values(layer, Shape.of(2, 3), 1, 2, 3, 4, 5, 6))
        .withMessageContaining("[n, 2]")
        .withMessageContaining("[2, 3]");
    assertThatIllegalArgumentException().isThrownBy(() -> new Linear(0, 3, Initializers.zeros()));
  }

  @Test
  void softmaxOfLargeLogitsStaysFinite() {
    double[] logits = {1e4, 1e4 - 1, -1e4, -1e4, -1e4, -1e4};
    double e = Math.exp(-1);
    assertThat(values(new Softmax(), Shape.of(2, 3), logits))
        .containsExactly(
            new double[] {1 / (1 + e), e / (1 + e), 0, 1 / 3.0, 1 / 3.0, 1 / 3.0}, offset(1e-12));
    assertThat(values(new LogSoftmax(), Shape.of(2, 3), logits))
        .containsExactly(
            new double[] {
              -Math.log(1 + e),
              -1 - Math.log(1 + e),
              -2e4 - Math.log(1 + e),
              -Math.log(3),
              -Math.log(3),
              -Math.log(3)
            },
            offset(1e-9));
  }

  @Test
  void layerNormMakesRowsOfMeanZeroAndVarianceOne() {
    double[] y = values(new LayerNorm(4, 1e-12), Shape.of(2, 4), 1, 2, 3, 4, 10, 20, 20, 10);
    double s = Math.sqrt(1.25);
    assertThat(y)
        .containsExactly(
            new double[] {-1.5 / s, -0.5 / s, 0.5 / s, 1.5 / s, -1, 1, 1, -1}, offset(1e-9));
  }

  @Test
  void flattenAndReshapeKeepTheExamples() {
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8};
    Shape[] shapes = new Shape[2];
    Compute.values(scope -> {
      var cube = scope.constant(Shape.of(2, 2, 2), x);
      shapes[0] = new Flatten().forward(cube, scope).shape();
      var back = new Reshape(Shape.of(4, 1)).forward(cube, scope);
      shapes[1] = back.shape();
      return back;
    });
    assertThat(shapes).containsExactly(Shape.of(2, 4), Shape.of(2, 4, 1));
    assertThat(values(new Flatten(), Shape.of(2, 2, 2), x)).containsExactly(x);
  }

  @Test
  void namesAreUniqueAndTellTheLayer() {
    Sequential model =
        Models.mlp(4, new int[] {3, 2}, 2, Activations::relu, Initializers.he(), true, 0.5);
    assertThat(model.layers())
        .extracting(layer -> layer.getClass().getSimpleName())
        .containsExactly(
            "Linear",
            "BatchNorm",
            "Activation",
            "Dropout",
            "Linear",
            "BatchNorm",
            "Activation",
            "Dropout",
            "Linear");
    assertThat(model.named().keySet())
        .startsWith("0.weight", "0.bias", "1.gamma", "1.beta", "1.runningMean", "1.runningVariance")
        .endsWith("8.weight", "8.bias");
    assertThat(model.named().values()).containsExactlyElementsOf(model.parameters());
  }

  @Test
  void sharedParametersAreNamedOnceAndEqualNamesToldApart() {
    Linear shared = new Linear(2, 2, Initializers.zeros());
    Linear other = new Linear(2, 2, Initializers.zeros());
    assertThat(Sequential.of(shared, other, shared).named().keySet())
        .containsExactly("0.weight", "0.bias", "1.weight", "1.bias");
    Layer both =
        new Layer() {
          @Override
          public Tensor forward(Tensor x, Scope scope) {
            return shared.forward(x, scope).add(other.forward(x, scope));
          }

          @Override
          public List<Parameter> parameters() {
            return List.of(shared.weight(), shared.bias(), other.weight(), other.bias());
          }
        };
    assertThat(both.named().keySet()).containsExactly("weight", "bias", "weight#2", "bias#2");
    assertThat(Sequential.of(both).named()).containsEntry("0.weight#2", other.weight());
  }

  @Test
  void aModelWithoutHiddenLayersIsLinear() {
    Sequential model = Models.mlp(3, new int[0], 2, Activations::relu, Initializers.zeros());
    assertThat(model.layers()).hasSize(1);
    assertThat(values(model, Shape.of(1, 3), 1, 2, 3)).containsExactly(0, 0);
  }
}
