package nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import nn.backend.Backend;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.Slices;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.tensor.Window;
import org.junit.jupiter.api.Test;

class BatchSlicesTest {
  private static final Window THREE = Window.of(3);
  private static final Window PAIRS = Window.of(2).stride(2);

  /** As many images as make more than what stays in a cache anyway. */
  private static final Shape IMAGES = Shape.of(30, 30, 29, 1);

  private static final List<Parameter> ARRAYS =
      Stream.of(IMAGES, Shape.of(3, 3, 1, 6), Shape.of(6), Shape.of(3, 3, 6, 2))
          .map(s -> new Parameter("", s, Parameter.Kind.WEIGHT, Initializers.normal(1)))
          .toList();

  private static void step(Backend backend, Parameters parameters) {
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      List<Tensor> leaves = ARRAYS.stream().map(scope::of).toList();
      Tensor first = leaves.get(0).convolve(leaves.get(1), THREE).add(leaves.get(2));
      Tensor second = first.maxPool(PAIRS).convolve(leaves.get(3), THREE);
      scope.backward(second.map(Expr::tanh).averagePool(PAIRS).sum().reshape(1));
    }
  }

  private static double[] gradients(Backend backend, Plan.Option... options) {
    try (backend;
        Parameters parameters = new Parameters(backend, DType.F64, ARRAYS, 3);
        Plan plan = Plan.record(backend, on -> step(on, parameters), options)) {
      plan.run(2);
      return ARRAYS.stream()
          .flatMapToDouble(p -> DoubleStream.of(parameters.readGradient(p)))
          .toArray();
    }
  }

  @Test
  void slicesMakeNoDifference() {
    double[] expected = gradients(new ReferenceBackend(), Plan.Option.AS_RECORDED);
    assertThat(Arrays.stream(expected).filter(g -> g != 0).count()).isGreaterThan(1000);
    assertThat(gradients(new PiecewiseBackend(new ReferenceBackend()))).isEqualTo(expected);
  }

  @Test
  void convolutionsAndPoolingsAreOneChain() {
    try (Backend backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F64, ARRAYS, 3);
        Plan plan = Plan.record(backend, on -> step(on, parameters))) {
      List<Slices> chains =
          plan.commands().stream()
              .filter(Slices.class::isInstance)
              .map(Slices.class::cast)
              .toList();
      assertThat(chains).extracting(Slices::count).contains(30);
      assertThat(chains.getFirst().stages().stream().map(c -> c.getClass().getSimpleName()))
          .containsSequence("Gemm", "Elementwise");
    }
  }

  // What can be cut

  private static final Expr X = Expr.input(0);
  private final Operand images = Memory.real(4, 6, 5);
  private final Operand weights = Memory.real(5, 3);
  private final Operand product = Memory.temporary(24, 3);
  private final Operand result = Memory.real(4, 6, 3);
  private final Gemm convolution = Gemm.of(images, weights, product);

  private Operand product(int from) {
    return product.with(Layout.of(Shape.of(4, 5, 3), new int[] {18, 3, 1}, from));
  }

  private Elementwise reading(Operand input) {
    return Elementwise.of(X, result.with(result.layout().slice(1, 0, 5)), input);
  }

  private static boolean canBeCut(Command... stages) {
    return Slices.canBeCut(4, List.of(stages));
  }

  @Test
  void aSliceReadsItsOwn() {
    assertThat(canBeCut(convolution, reading(product(0)))).isTrue();
    assertThat(canBeCut(convolution, reading(product(3)))).isTrue();
    assertThat(canBeCut(convolution, reading(product(0)), reading(product(3)))).isTrue();
  }

  @Test
  void aSliceThatReadsOfTheNextCannotBeCut() {
    Operand longer = Memory.temporary(27, 3);
    Operand within = longer.with(product.layout());
    Operand shifted = longer.with(Layout.of(Shape.of(4, 3, 3), new int[] {18, 3, 1}, 12));
    Elementwise reader = Elementwise.of(X, Memory.real(4, 3, 3), shifted);
    assertThat(canBeCut(reader)).isTrue();
    assertThat(canBeCut(Gemm.of(images, weights, within), reader)).isFalse();
  }

  @Test
  void whatAllSlicesReadIsNotOneSlicesResult() {
    Operand all = product.with(Layout.of(Shape.of(4, 5, 3), new int[] {0, 3, 1}, 0));
    assertThat(canBeCut(convolution, reading(all))).isFalse();
    Operand matrix = product.with(Layout.contiguous(Shape.of(5, 3), 0));
    assertThat(canBeCut(convolution, Gemm.of(images, matrix, Memory.real(24, 3)))).isFalse();
  }

  @Test
  void whoAsksForItsNumberCannotBeCut() {
    assertThat(canBeCut(Elementwise.of(Expr.index(1).toFloat(), result))).isTrue();
    assertThat(canBeCut(Elementwise.of(Expr.index(0).toFloat(), result))).isFalse();
    assertThat(canBeCut(Elementwise.of(Expr.position().toFloat(), result))).isFalse();
  }

  @Test
  void refusesWhatCannotBeCut() {
    assertThatThrownBy(() -> new Slices(5, List.of(convolution), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 slices");
  }
}
