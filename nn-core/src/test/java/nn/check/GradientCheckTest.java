package nn.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.layer.BatchNorm;
import nn.layer.Layer;
import nn.layer.Linear;
import nn.layer.Sequential;
import nn.loss.Losses;
import org.junit.jupiter.api.Test;

/** The check itself must be able to fail. */
class GradientCheckTest {
  private static final Shape SHAPE = Shape.of(2, 3);

  private static Difference onlyDifference(Layer layer) {
    List<Difference> differences = GradientCheck.ofLayer(layer, 5, SHAPE);
    assertThat(differences).hasSize(1);
    return differences.getFirst();
  }

  @Test
  void rightGradientsAgreeFarBelowTheMark() {
    assertThat(onlyDifference((x, scope) -> x.map(Expr::tanh)).relative()).isLessThan(1e-8);
    assertThat(onlyDifference((x, scope) -> x.map(v -> v.square().mul(v))).relative())
        .isLessThan(1e-8);
  }

  @Test
  void halfAGradientIsFound() {
    Difference d = onlyDifference((x, scope) -> x.mul(x.detach()));
    assertThat(d.array()).isEqualTo("input");
    assertThat(d.numerical()).isEqualTo(2 * d.backpropagated(), offset(1e-9));
    assertThat(d.relative()).isEqualTo(1 / 3.0, offset(1e-9));
  }

  @Test
  void aSlightlyWrongGradientIsFound() {
    Layer wrong = (x, scope) -> x.add(x.detach().mul(1e-5));
    assertThat(onlyDifference(wrong).relative()).isBetween(4e-6, 6e-6);
  }

  @Test
  void oneWrongElementIsFoundAndNamed() {
    Layer wrong =
        (x, scope) ->
            scope.map(
                Expr.select(Expr.position().eq(Expr.integer(4)), Expr.input(1), Expr.input(0)),
                x,
                x.detach());
    assertThat(onlyDifference(wrong).element()).isEqualTo(4);
    assertThat(onlyDifference(wrong).relative()).isEqualTo(1, offset(1e-9));
  }

  @Test
  void nanIsTheWorstDifference() {
    assertThat(onlyDifference((x, scope) -> x.map(v -> v.square().neg().log())).relative()).isNaN();
  }

  /** Batch normalization takes away what the bias before it adds: its gradient is zero. */
  @Test
  void gradientsThatAreZeroUpToRoundingAgree() {
    Layer model = Sequential.of(new Linear(3, 4, Initializers.xavier()), new BatchNorm(4));
    assertThat(GradientCheck.ofLayer(model, 5, Shape.of(6, 3)))
        .extracting(Difference::array)
        .containsExactly("0.weight", "0.bias", "1.gamma", "1.beta", "input");
    assertThat(GradientCheck.ofLayer(model, 5, Shape.of(6, 3)))
        .allSatisfy(d -> assertThat(d.relative()).as(d.toString()).isLessThan(1e-6));
  }

  @Test
  void ofALargeArrayOnlySomeElementsAreCompared() {
    AtomicInteger passes = new AtomicInteger();
    Layer counted =
        (x, scope) -> {
          passes.incrementAndGet();
          return x.map(Expr::square);
        };
    GradientCheck.ofLayer(counted, 1, Shape.of(10 * GradientCheck.LIMIT + 3));
    assertThat(passes.get()).isBetween(2 * GradientCheck.LIMIT, 4 * GradientCheck.LIMIT + 1);
  }

  @Test
  void aModelWithItsLossGivesOneDifferenceAnArray() {
    Linear model = new Linear(3, 2, Initializers.xavier());
    List<Difference> differences =
        GradientCheck.ofModel(
            model,
            1,
            scope ->
                Losses.meanSquaredError(
                    model.forward(scope.constant(SHAPE, 1, 2, 3, 4, 5, 6), scope),
                    scope.fill(Shape.of(2, 2), 0.5)));
    assertThat(differences).extracting(Difference::array).containsExactly("weight", "bias");
    assertThat(differences).allSatisfy(d -> assertThat(d.relative()).isLessThan(1e-6));
  }
}
