package nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.check.GradientCheck;
import nn.data.Batches;
import nn.data.Dataset;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.layer.Activation;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.loss.Losses;
import nn.optim.Optimizers;
import nn.optim.Regularizer;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TrainerTest {
  private static final Dataset TRAIN = Clusters.of(230, 1); // seven batches of 32 and one of 6
  private static final Dataset TEST = Clusters.of(600, 2); // one batch of 512 and one of 88

  private final Backend backend = new ReferenceBackend();

  @AfterEach
  void close() {
    backend.close();
  }

  private static Layer model() {
    return Models.mlp(
        TRAIN.features(), new int[] {16}, Clusters.CLASSES, Activations::relu, Initializers.he());
  }

  private static TrainerOptions options(int epochs) {
    return TrainerOptions.of(32, epochs, 42, Optimizers.named("adam"), 0.01);
  }

  private History fit(Layer model, TrainerOptions options) {
    try (Trainer trainer = new Trainer(backend, model, Losses::softmaxCrossEntropy, options)) {
      return trainer.fit(TRAIN, TEST, List.of());
    }
  }

  static List<String> everyOptimizer() {
    return Optimizers.names();
  }

  @ParameterizedTest
  @MethodSource("everyOptimizer")
  void everyOptimizerLearns(String name) {
    TrainerOptions options = TrainerOptions.of(32, 12, 42, Optimizers.named(name), 0.02);
    assertThat(fit(model(), options).testAccuracy()).isGreaterThan(0.8);
  }

  @Test
  void countsStepsOfFullAndShortBatches() {
    History history = fit(model(), options(3));
    assertThat(history.losses()).hasSize(3 * 8);
    assertThat(history.epochs()).extracting(EpochResult::epoch).containsExactly(1, 2, 3);
    EpochResult first = history.epochs().getFirst();
    double mean =
        history.losses().subList(0, 8).stream().mapToDouble(l -> l).average().orElseThrow();
    assertThat(first.trainLoss()).isCloseTo(mean, within(1e-12));
    assertThat(first.trainAccuracy() * TRAIN.size())
        .isCloseTo(Math.rint(first.trainAccuracy() * TRAIN.size()), within(1e-9));
  }

  @Test
  void sameSeedSameRunAnotherSeedAnother() {
    List<Float> losses = fit(model(), options(2)).losses();
    assertThat(fit(model(), options(2)).losses()).isEqualTo(losses);
    TrainerOptions other = TrainerOptions.of(32, 2, 43, Optimizers.named("adam"), 0.01);
    assertThat(fit(model(), other).losses()).isNotEqualTo(losses);
  }

  @Test
  void replayedStepsEqualEagerOnes() {
    TrainerOptions options = TrainerOptions.of(32, 1, 42, Optimizers.named("sgd"), 0.05);
    List<Float> replayed = fit(model(), options).losses();
    assertThat(eagerSgd(0.05)).hasSameSizeAs(replayed);
    List<Double> eager = eagerSgd(0.05);
    for (int i = 0; i < eager.size(); i++) {
      assertThat((double) replayed.get(i)).isCloseTo(eager.get(i), within(1e-5));
    }
  }

  /** Stochastic gradient descent without plans, cursors or the trainer's update. */
  private List<Double> eagerSgd(double rate) {
    Layer model = model();
    List<Double> losses = new ArrayList<>();
    int[] order = new Batches(TRAIN.size(), 32).epochOrder(42, 0);
    try (Parameters parameters = new Parameters(backend, DType.F32, model.parameters(), 42)) {
      for (int from = 0; from < TRAIN.size(); from += 32) {
        int[] rows =
            IntStream.range(from, Math.min(from + 32, TRAIN.size())).map(i -> order[i]).toArray();
        losses.add(eagerStep(model, parameters, TRAIN.select(rows)));
        for (Parameter p : model.parameters()) {
          double[] w = parameters.read(p);
          double[] g = parameters.readGradient(p);
          for (int i = 0; i < w.length; i++) {
            w[i] -= rate * g[i];
          }
          parameters.write(p, w);
        }
      }
    }
    return losses;
  }

  private double eagerStep(Layer model, Parameters parameters, Dataset batch) {
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN);
        DeviceDataset data = new DeviceDataset(backend, batch)) {
      Tensor all =
          scope.integers(Shape.of(batch.size()), IntStream.range(0, batch.size()).toArray());
      Batch tensors = data.gather(scope, all.operand());
      Tensor loss =
          Losses.softmaxCrossEntropy(model.forward(tensors.input(), scope), tensors.target());
      scope.backward(loss);
      return loss.item();
    }
  }

  @Test
  void fittingTwiceGoesOn() {
    List<Float> once = fit(model(), options(4)).losses();
    try (Trainer trainer = new Trainer(backend, model(), Losses::softmaxCrossEntropy, options(2))) {
      List<Float> twice = new ArrayList<>(trainer.fit(TRAIN, null, List.of()).losses());
      twice.addAll(trainer.fit(TRAIN, null, List.of()).losses());
      assertThat(twice).isEqualTo(once);
    }
  }

  @Test
  void drawsWithReplacement() {
    History history = fit(model(), options(2).withStepsPerEpoch(11));
    assertThat(history.losses()).hasSize(22);
    assertThat(history.epochs()).hasSize(2);
  }

  @Test
  void aBatchLargerThanTheDataIsShort() {
    TrainerOptions options = TrainerOptions.of(1000, 2, 42, Optimizers.named("adam"), 0.01);
    assertThat(fit(model(), options).losses()).hasSize(2);
  }

  @Test
  void weightDecayShrinksWeightsAndCountsInTheLoss() {
    assertThat(normOfWeights(options(5).withRegularizer(Regularizer.l2(0.1))))
        .isLessThan(0.7 * normOfWeights(options(5)));
    float plain = fit(model(), options(1)).losses().getFirst();
    float penalized =
        fit(model(), options(1).withRegularizer(Regularizer.l2(0.1))).losses().getFirst();
    assertThat(penalized).isGreaterThan(plain + 0.1f);
  }

  private double normOfWeights(TrainerOptions options) {
    Layer model = model();
    try (Trainer trainer = new Trainer(backend, model, Losses::softmaxCrossEntropy, options)) {
      trainer.fit(TRAIN, null, List.of());
      double sum = 0;
      for (double w : trainer.parameters().read(model.parameters().getFirst())) {
        sum += w * w;
      }
      return Math.sqrt(sum);
    }
  }

  @Test
  void clippingBoundsTheStep() {
    TrainerOptions options =
        TrainerOptions.of(32, 1, 42, Optimizers.named("sgd"), 1).withStepsPerEpoch(1);
    assertThat(lengthOfStep(options)).isGreaterThan(0.02);
    assertThat(lengthOfStep(options.withClipNorm(0.01))).isCloseTo(0.01, within(1e-4));
  }

  private double lengthOfStep(TrainerOptions options) {
    Layer model = model();
    try (Trainer trainer = new Trainer(backend, model, Losses::softmaxCrossEntropy, options)) {
      List<double[]> before = model.parameters().stream().map(trainer.parameters()::read).toList();
      trainer.fit(TRAIN, null, List.of());
      double sum = 0;
      for (int i = 0; i < before.size(); i++) {
        double[] after = trainer.parameters().read(model.parameters().get(i));
        for (int j = 0; j < after.length; j++) {
          sum += Math.pow(after[j] - before.get(i)[j], 2);
        }
      }
      return Math.sqrt(sum);
    }
  }

  @Test
  void aLossThatIsNoNumberNamesItsStep() {
    TrainerOptions wild = TrainerOptions.of(32, 3, 42, Optimizers.named("sgd"), 1e30);
    assertThatThrownBy(() -> fit(model(), wild))
        .isInstanceOfSatisfying(DivergedException.class, e -> assertThat(e.step()).isPositive())
        .hasMessageContaining("at step")
        .hasMessageContaining("smaller learning rate");
  }

  @Test
  void dropoutAndBatchNormTrainAndEvaluate() {
    Layer model =
        Models.mlp(
            TRAIN.features(),
            new int[] {24, 16},
            Clusters.CLASSES,
            Activations::relu,
            Initializers.he(),
            true,
            0.1);
    assertThat(fit(model, options(12)).testAccuracy()).isGreaterThan(0.9);
  }

  @Test
  void aNewActivationIsOneExpression() {
    UnaryOperator<Expr> quickGelu = x -> x.mul(x.mul(1.702).sigmoid());
    assertThat(GradientCheck.ofLayer(new Activation(quickGelu), 42, Shape.of(7, 5)))
        .allSatisfy(difference -> assertThat(difference.relative()).isLessThan(1e-6));
    Layer model =
        Models.mlp(
            TRAIN.features(), new int[] {16}, Clusters.CLASSES, quickGelu, Initializers.he());
    assertThat(fit(model, options(12)).testAccuracy()).isGreaterThan(0.9);
  }

  @Test
  void listenersHearOfEachEpochAndCanStop() {
    List<Progress> heard = new ArrayList<>();
    Listener listener =
        new Listener() {
          @Override
          public void onProgress(Progress progress) {
            heard.add(progress);
          }

          @Override
          public boolean onEpochEnd(EpochResult result) {
            return result.epoch() < 2;
          }
        };
    try (Trainer trainer = new Trainer(backend, model(), Losses::softmaxCrossEntropy, options(9))) {
      assertThat(trainer.fit(TRAIN, TEST, List.of(listener)).epochs()).hasSize(2);
    }
    assertThat(heard.getLast().step()).isEqualTo(8);
    assertThat(heard.getLast().steps()).isEqualTo(8);
    assertThat(heard.getFirst().loss()).isFinite();
  }

  @Test
  void earlyStoppingWaits() {
    EarlyStopping patience = new EarlyStopping(2);
    assertThat(IntStream.of(5, 6, 6, 5, 7).mapToObj(a -> patience.onEpochEnd(at(a))).toList())
        .containsExactly(true, true, true, false, true);
  }

  private static EpochResult at(int tenths) {
    return new EpochResult(1, 0, 0, tenths / 10.0, 1, 1);
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> TrainerOptions.of(0, 1, 1, Optimizers.named("sgd"), 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch");
    assertThatThrownBy(() -> TrainerOptions.of(1, 1, 1, Optimizers.named("sgd"), Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("learning rate");
  }
}
