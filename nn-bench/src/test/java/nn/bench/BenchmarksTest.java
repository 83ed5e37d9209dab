package nn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the benchmarks do what they are to measure; small, and once. */
class BenchmarksTest {

  @ParameterizedTest
  @ValueSource(strings = {"NN", "TN", "NT", "TT"})
  void gemm(String form) {
    GemmBenchmark benchmark = new GemmBenchmark();
    benchmark.backend = "auto";
    benchmark.shape = "5,4,3";
    benchmark.form = form;
    benchmark.repeats = 3;
    benchmark.prepare();
    benchmark.gemm();
    double[] a = new SplittableRandom(1).doubles(5 * 3).toArray();
    double[] b = new SplittableRandom(2).doubles(3 * 4).toArray();
    float[] expected = new float[5 * 4];
    for (int i = 0; i < 5 * 4 * 3; i++) {
      int row = i / 12;
      int column = i / 3 % 4;
      int k = i % 3;
      double left = a[form.charAt(0) == 'N' ? row * 3 + k : k * 5 + row];
      expected[row * 4 + column] +=
          (float) (left * b[form.charAt(1) == 'N' ? k * 4 + column : column * 3 + k]);
    }
    assertThat(benchmark.product()).contains(expected, within(1e-5f));
    benchmark.tearDown();
  }

  @Test
  void whatThePeakIsMeasuredWithKeepsItsValues() {
    PeakBenchmark benchmark = new PeakBenchmark();
    benchmark.setUp();
    assertThat(benchmark.value()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "adam", "bias-gelu", "softmax-cross-entropy"})
  void elementwise(String kernel) {
    ElementwiseBenchmark benchmark = new ElementwiseBenchmark();
    benchmark.backend = "auto";
    benchmark.kernel = kernel;
    benchmark.elements = 2048;
    benchmark.prepare();
    benchmark.elementwise();
    benchmark.tearDown();
  }

  @Test
  void planAndEagerForwardPassesAgree() {
    float[] plan = logits("plan");
    float[] eager = logits("eager");
    assertThat(plan).hasSize(1000).contains(eager, within(1e-4f));
    assertThat(plan).isNotEqualTo(new float[1000]);
  }

  private static float[] logits(String mode) {
    StepBenchmark benchmark = step(mode, "forward");
    benchmark.forward();
    float[] logits = benchmark.lastLogits();
    benchmark.tearDown();
    return logits;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "eager"})
  void everyStepMeasuresTheSameNet(String mode) {
    StepBenchmark gradients = step(mode, "forwardBackward");
    gradients.forwardBackward();
    float before = gradients.lastLoss();
    gradients.forwardBackward();
    assertThat(gradients.lastLoss()).isEqualTo(before).isPositive();
    gradients.tearDown();

    StepBenchmark steps = step(mode, "step");
    steps.step();
    steps.step();
    assertThat(steps.lastLoss()).isEqualTo(before);
    steps.tearDown();
  }

  private static StepBenchmark step(String mode, String name) {
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.backend = "auto";
    benchmark.model = "two-layer";
    benchmark.mode = mode;
    benchmark.prepare(name);
    return benchmark;
  }

  @Test
  void shapes() {
    assertThat(GemmShape.parse("128,100,784")).isEqualTo(new GemmShape(128, 100, 784));
    assertThat(GemmShape.USUAL).hasSize(14);
    assertThat(new GemmShape(2048, 2048, 2048).repeats()).isEqualTo(1);
    assertThat(new GemmShape(32, 32, 32).repeats()).isBetween(100, 1000);
    for (String text : new String[] {"", "1,2", "1,2,3,4", "a,b,c", "1,0,1", "-1,1,1"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> GemmShape.parse(text));
    }
  }

  @Test
  void medians() {
    assertThat(Windows.median(3, 1, 2)).isEqualTo(2);
    assertThat(Windows.median(4, 1, 2, 3)).isEqualTo(2.5);
  }
}
