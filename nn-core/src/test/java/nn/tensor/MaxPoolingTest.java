package nn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.ForwardingBackend;
import nn.backend.Shape;
import nn.backend.SparseGemm;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient of max pooling without its zeros, against that with them, which is checked by
 * differences elsewhere.
 */
class MaxPoolingTest {
  private static final double CLOSE = 1e-12;
  private static final Shape IMAGES = Shape.of(2, 9, 8, 3);

  /** Counts the sparse products. */
  private static final class Sparse extends ForwardingBackend {
    private int products;

    Sparse() {
      super(new ReferenceBackend());
    }

    @Override
    public boolean prefersSparse(DType type) {
      return true;
    }

    @Override
    public void sparseGemm(SparseGemm sparse) {
      products++;
      super.sparseGemm(sparse);
    }
  }

  /** What comes of images and weights before the pooling. */
  interface Before {
    Tensor of(Tensor images, Tensor weights, Tensor bias);
  }

  record Net(Window convolution, Window pool, Before before) {
    private static final Shape BIAS = Shape.of(4);

    private Shape weights() {
      return Shape.of(convolution.height(), convolution.width(), 3, 4);
    }

    /** The gradients of images, weights and bias. */
    double[] gradients(Backend backend, boolean planned) {
      List<Parameter> arrays =
          Stream.of(IMAGES, weights(), BIAS)
              .map(s -> new Parameter("", s, Parameter.Kind.WEIGHT, Initializers.normal(1)))
              .toList();
      try (Parameters parameters = new Parameters(backend, DType.F64, arrays, 3)) {
        if (planned) {
          try (Plan plan = Plan.record(backend, on -> run(on, parameters, arrays))) {
            plan.run(2);
          }
        } else {
          run(backend, parameters, arrays);
        }
        return arrays.stream()
            .flatMapToDouble(p -> DoubleStream.of(parameters.readGradient(p)))
            .toArray();
      }
    }

    private void run(Backend backend, Parameters parameters, List<Parameter> arrays) {
      try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
        List<Tensor> leaves = arrays.stream().map(scope::of).toList();
        Tensor made = before.of(leaves.get(0), leaves.get(1), leaves.get(2));
        Tensor pooled = made.maxPool(pool);
        scope.backward(pooled.map(x -> x.max(Expr.constant(0.1)).square()).sum().reshape(1));
      }
    }
  }

  private static Before convolved(Window window) {
    return (images, weights, bias) -> images.convolve(weights, window).add(bias);
  }

  static List<Net> nets() {
    Window two = Window.of(2).stride(2);
    Window three = Window.of(3);
    Window apart = new Window(2, 1, 3, 2, 0, 0);
    Window strided = new Window(2, 3, 1, 2, 1, 0);
    return List.of(
        new Net(three, two, convolved(three)),
        new Net(three.padding(1), two, convolved(three.padding(1))),
        new Net(strided, apart, convolved(strided)),
        new Net(three, two.padding(1), convolved(three)),
        new Net(three, two, (x, w, b) -> x.convolve(w, three).add(b).map(v -> v.tanh())),
        new Net(three, two, (x, w, b) -> x.convolve(w, three).add(b).map(v -> v.max(Expr.ZERO))),
        new Net(three, two, (x, w, b) -> x.convolve(w, three).add(b).map(v -> v.square().mul(3))),
        new Net(three, two, (x, w, b) -> b.mul(2).add(x.convolve(w, three).map(v -> v.sigmoid()))),
        new Net(three, two, (x, w, b) -> x.convolve(w, three).map(b, (v, c) -> v.mul(c).tanh())),
        new Net(three, two, (x, w, b) -> x.convolve(w, three).add(b.add(b)).add(x.sum())),
        new Net(three, three.stride(3), convolved(three)));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void zerosMakeNoDifference(Net net) {
    try (Backend dense = new ReferenceBackend();
        Backend sparse = new Sparse()) {
      double[] expected = net.gradients(dense, false);
      assertThat(Arrays.stream(expected).filter(g -> g != 0).count()).isGreaterThan(100);
      assertThat(net.gradients(sparse, false)).containsExactly(expected, within(CLOSE));
      assertThat(net.gradients(sparse, true)).containsExactly(expected, within(CLOSE));
    }
  }

  @Test
  void aConvolutionThatIsPooledNeedsNoZeros() {
    assertThat(products((x, w, b) -> x.convolve(w, Window.of(3)).add(b))).isEqualTo(2);
  }

  /** Its derivative at a pixel follows from its value, which pooling found. */
  @Test
  void anActivationThatIsPooledNeedsNoZeros() {
    Before relu = (x, w, b) -> x.convolve(w, Window.of(3)).add(b).map(v -> v.max(Expr.ZERO));
    assertThat(products(relu)).isEqualTo(2);
  }

  @Test
  void whatNeedsPixelsThatPoolingDidNotKeepHasZeros() {
    Before square = (x, w, b) -> x.convolve(w, Window.of(3)).add(b).map(Expr::square);
    assertThat(products(square)).isZero();
  }

  private static int products(Before before) {
    Window three = Window.of(3);
    try (Sparse backend = new Sparse()) {
      new Net(three, Window.of(2).stride(2), before).gradients(backend, false);
      return backend.products;
    }
  }

  @Test
  void theFirstOfSeveralLargestIsChosen() {
    try (Sparse backend = new Sparse();
        Scope scope = new Scope(backend, Parameters.none(backend, DType.F64), Mode.TRAIN)) {
      Shape shape = Shape.of(1, 2, 4, 1);
      Tensor place = scope.constant(shape, new double[8]);
      Tensor images = scope.constant(shape, 1, 5, 2, 2, 5, 5, 2, 2);
      Tensor variable = scope.variable(images.operand(), place.operand());
      scope.backward(variable.maxPool(Window.of(2).stride(2)).sum().reshape(1));
      assertThat(place.toDoubles()).containsExactly(0, 1, 1, 0, 0, 0, 0, 0);
    }
  }
}
