package nn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.function.Function;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.check.Difference;
import nn.check.GradientCheck;
import nn.expr.Expr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutogradTest {
  private static final double TOLERANCE = 1e-6;

  private static void check(Function<List<Tensor>, Tensor> function, Shape... inputs) {
    List<Difference> differences = GradientCheck.ofFunction(3, function, inputs);
    assertThat(differences).hasSize(inputs.length);
    assertThat(differences).allSatisfy(d -> assertThat(d.relative()).isLessThan(TOLERANCE));
    assertThat(differences).allSatisfy(d -> assertThat(d.backpropagated()).isNotZero());
  }

  private static Parameter weight(int... dims) {
    return new Parameter(
        "w",
        Shape.of(dims),
        Parameter.Kind.WEIGHT,
        (shape, random) -> random.doubles(shape.size()).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 17, 33})
  void products(int k) {
    check(in -> in.get(0).matmul(in.get(1)), Shape.of(3, k), Shape.of(k, 5));
    check(in -> in.get(0).transpose().matmul(in.get(1)), Shape.of(k, 3), Shape.of(k, 1));
    check(in -> in.get(0).matmul(in.get(1).transpose()), Shape.of(1, k), Shape.of(4, k));
  }

  @Test
  void aSumsGradientFlowsThroughAProduct() {
    check(in -> in.get(0).matmul(in.get(1)).sum(), Shape.of(3, 4), Shape.of(4, 2));
    check(in -> in.get(0).matmul(in.get(1)).mean(0), Shape.of(3, 4), Shape.of(4, 2));
  }

  @Test
  void broadcastInputsGetTheSumOverTheirCopies() {
    Shape full = Shape.of(4, 3);
    check(in -> in.get(0).mul(in.get(1)), full, Shape.of(3));
    check(in -> in.get(0).mul(in.get(1)), full, Shape.of(4, 1));
    check(in -> in.get(0).mul(in.get(1)), full, Shape.of());
    check(in -> in.get(0).mul(in.get(1)), Shape.of(4, 1), Shape.of(1, 3));
    check(in -> in.get(0).sub(in.get(1)), Shape.of(3), Shape.of(2, 4, 3));
    check(in -> in.get(0).broadcastTo(Shape.of(5, 4, 3)).map(Expr::square), Shape.of(4, 1));
  }

  @Test
  void severalInputsInOneExpression() {
    Expr expr = Expr.input(0).mul(Expr.input(1)).tanh().add(Expr.input(2).exp().mul(Expr.input(0)));
    check(
        in -> in.getFirst().scope().map(expr, in.toArray(Tensor[]::new)),
        Shape.of(2, 3),
        Shape.of(3),
        Shape.of(2, 1));
  }

  @Test
  void reductions() {
    Shape shape = Shape.of(3, 4, 2);
    check(in -> in.getFirst().map(Expr::square).sum(1), shape);
    check(in -> in.getFirst().map(Expr::square).mean(0, 2), shape);
    check(in -> in.getFirst().max(1), shape);
    check(in -> in.getFirst().max(-1).mul(in.getFirst()), shape);
    Expr product = Expr.input(0).mul(Expr.input(1));
    check(
        in -> in.getFirst().scope().sum(product, new int[] {0}, in.get(0), in.get(1)),
        Shape.of(3, 4),
        Shape.of(4));
  }

  @Test
  void views() {
    Shape shape = Shape.of(4, 6);
    check(in -> in.getFirst().transpose().map(Expr::square), shape);
    check(in -> in.getFirst().reshape(3, 8).map(Expr::square).sum(0), shape);
    check(in -> in.getFirst().transpose().reshape(8, 3).map(Expr::exp), shape);
    check(in -> in.getFirst().slice(1, 2, 5).map(Expr::square), shape);
    check(in -> in.getFirst().slice(0, 1, 3).slice(-1, 0, 2).transpose().map(Expr::tanh), shape);
    check(in -> in.getFirst().slice(0, 1, 3).mul(in.getFirst().slice(0, 0, 2)), shape);
    check(in -> in.getFirst().transpose().map(Expr::square), Shape.of(2, 3, 4));
  }

  @Test
  void gatheredRowsAddUpWhereTheyCame() {
    Function<List<Tensor>, Tensor> picked =
        in -> {
          Tensor indices = in.getFirst().scope().integers(Shape.of(5), 3, 0, 3, 1, 3);
          return in.getFirst().gather(indices).map(Expr::square);
        };
    check(picked, Shape.of(4, 3));
    check(picked, Shape.of(4));
    check(picked, Shape.of(4, 2, 3));
  }

  @Test
  void whatIsGatheredTwiceGetsTwiceTheGradient() {
    Parameter w = weight(3, 2);
    double[] gradient =
        Compute.gradient(
            w,
            new double[6],
            scope -> scope.of(w).gather(scope.integers(Shape.of(3), 2, 0, 2)).sum());
    assertThat(gradient).containsExactly(1, 1, 0, 0, 2, 2);
  }

  @Test
  void aTieSendsTheGradientOfAMaxToTheFirst() {
    Parameter w = weight(2, 3);
    double[] ties = {1, 4, 4, 5, 5, 5};
    assertThat(Compute.gradient(w, ties, scope -> scope.of(w).max(-1).sum()))
        .containsExactly(0, 1, 0, 1, 0, 0);
    assertThat(Compute.gradient(w, ties, scope -> scope.of(w).max(0).sum()))
        .containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void aTensorUsedTwiceGetsBothGradients() {
    check(in -> in.getFirst().mul(in.getFirst()), Shape.of(3));
    check(in -> in.getFirst().matmul(in.getFirst()).matmul(in.getFirst()), Shape.of(3, 3));
    check(in -> in.getFirst().map(Expr::tanh).add(in.getFirst()).mul(in.getFirst()), Shape.of(4));
    Parameter w = weight(2);
    assertThat(
            Compute.gradient(w, new double[] {3, 5}, scope -> scope.of(w).mul(scope.of(w)).sum()))
        .containsExactly(6, 10);
  }

  @Test
  void nothingFlowsThroughADetachedTensor() {
    Parameter w = weight(2);
    double[] gradient =
        Compute.gradient(
            w, new double[] {3, 5}, scope -> scope.of(w).mul(scope.of(w).detach()).sum());
    assertThat(gradient).containsExactly(3, 5);
  }

  @Test
  void aParameterThatDoesNotMatterGetsZeroEvenAfterAnotherGradient() {
    Parameter w = weight(2);
    try (Backend backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F32, List.of(w), 1)) {
      try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
        scope.backward(scope.of(w).sum());
      }
      assertThat(parameters.readGradient(w)).containsExactly(1, 1);
      try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
        scope.backward(scope.of(w).mul(0).sum());
      }
      assertThat(parameters.readGradient(w)).containsExactly(0, 0);
    }
  }

  @Test
  void anIndexInAnExpressionMeansTheSameBackward() {
    Expr scaled = Expr.input(0).square().mul(Expr.index(1).toFloat().add(1));
    Expr positioned = Expr.input(0).square().mul(Expr.position().toFloat().add(1));
    check(in -> in.getFirst().scope().map(scaled, in.getFirst()), Shape.of(2, 3));
    check(in -> in.getFirst().scope().map(positioned, in.getFirst()), Shape.of(2, 3));
    check(
        in -> in.getFirst().scope().map(positioned.mul(Expr.input(1)), in.get(0), in.get(1)),
        Shape.of(3),
        Shape.of(2, 1));
  }

  @Test
  void derivativesFromTheSavedResultEqualThoseFromTheInput() {
    Parameter w = weight(3);
    double[] at = {-1, 0.5, 2};
    for (Function<Expr, Expr> f :
        List.<Function<Expr, Expr>>of(Expr::tanh, Expr::sigmoid, Expr::exp, Expr::sqrt)) {
      double[] shifted = {1.5, 0.5, 2};
      double[] saved =
          Compute.gradient(w, shifted, scope -> scope.of(w).map(x -> f.apply(x)).sum());
      double[] fromInput =
          Compute.gradient(
              w, shifted, scope -> scope.sum(f.apply(Expr.input(0)), new int[] {0}, scope.of(w)));
      assertThat(saved).containsExactly(fromInput, offset(1e-15));
    }
    assertThat(Compute.gradient(w, at, scope -> scope.of(w).map(x -> x.max(Expr.ZERO)).sum()))
        .containsExactly(0, 1, 1);
  }

  @Test
  void backwardIsForTrainingAndOnceOnly() {
    Parameter w = weight(2);
    try (Backend backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F32, List.of(w), 1)) {
      try (Scope scope = new Scope(backend, parameters, Mode.EVALUATE)) {
        Tensor loss = scope.of(w).sum();
        assertThatIllegalStateException().isThrownBy(() -> scope.backward(loss));
      }
      try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
        Tensor vector = scope.of(w);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> scope.backward(vector))
            .withMessageContaining("[2]");
        scope.backward(vector.sum());
        assertThatIllegalStateException().isThrownBy(() -> scope.backward(vector.sum()));
      }
    }
  }
}
