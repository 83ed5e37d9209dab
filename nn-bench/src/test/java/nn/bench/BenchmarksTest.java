package nn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.ForwardingBackend;
import nn.backend.Precision;
import nn.backend.Work;
import nn.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the benchmarks do what they are to measure; small, and once. */
class BenchmarksTest {
  private final DeviceClock clock = new DeviceClock();

  @ParameterizedTest
  @ValueSource(strings = {"NN", "TN", "NT", "TT"})
  void gemm(String form) {
    GemmBenchmark benchmark = new GemmBenchmark();
    benchmark.shape = "5,4,3";
    benchmark.form = form;
    benchmark.repeats = 3;
    benchmark.prepare();
    benchmark.gemm(clock);
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
    benchmark.prepare();
    benchmark.multiplyAndAdd();
    assertThat(benchmark.value()).isEqualTo(1);
  }

  @Test
  void aPeerThatComputesSomethingElseIsNotMeasured() {
    PeerBenchmark benchmark = new PeerBenchmark();
    benchmark.peer = "wrong";
    benchmark.shape = "8,6,4";
    assertThatIllegalStateException()
        .isThrownBy(benchmark::prepare)
        .withMessageContaining("wrong product: element [");
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "adam", "bias-gelu", "softmax-cross-entropy"})
  void elementwise(String kernel) {
    ElementwiseBenchmark benchmark = new ElementwiseBenchmark();
    benchmark.kernel = kernel;
    benchmark.elements = 2048;
    benchmark.prepare();
    benchmark.elementwise(clock);
    benchmark.tearDown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "adam", "bias-gelu", "softmax-cross-entropy"})
  void operationsAndBytesOfPassesAreThoseOfTheirPlans(String name) {
    int elements = 64 * 1024;
    ElementwiseKernel kernel = ElementwiseKernel.named(name);
    try (Backend reference = Backends.choose("reference").create(BackendOptions.DEFAULT);
        Plan plan = Plan.record(reference, kernel.factory().on(reference, elements))) {
      List<Work> works = plan.commands().stream().map(Work::of).toList();
      assertThat(works.stream().mapToDouble(Work::flops).sum() / elements)
          .isCloseTo(kernel.flopsPerElement(), within(0.01));
      assertThat(works.stream().mapToDouble(Work::bytes).sum() / elements)
          .isCloseTo(kernel.bytesPerElement(), within(0.1));
    }
  }

  @Test
  void planAndEagerForwardPassesAgree() {
    float[] plan = logits("plan");
    float[] eager = logits("eager");
    assertThat(plan).hasSize(1000).contains(eager, within(1e-4f));
    assertThat(plan).isNotEqualTo(new float[1000]);
  }

  private float[] logits(String mode) {
    StepBenchmark benchmark = step(mode, "forward");
    benchmark.forward(clock);
    float[] logits = benchmark.lastLogits();
    benchmark.tearDown();
    return logits;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "eager"})
  void everyStepMeasuresTheSameNet(String mode) {
    StepBenchmark gradients = step(mode, "forwardBackward");
    gradients.forwardBackward(clock);
    float before = gradients.lastLoss();
    gradients.forwardBackward(clock);
    assertThat(gradients.lastLoss()).isEqualTo(before).isPositive();
    gradients.tearDown();

    StepBenchmark steps = step(mode, "step");
    steps.step(clock);
    steps.step(clock);
    assertThat(steps.lastLoss()).isEqualTo(before);
    steps.tearDown();
  }

  private static StepBenchmark step(String mode, String name) {
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.model = "two-layer";
    benchmark.mode = mode;
    benchmark.prepare(name);
    return benchmark;
  }

  @Test
  void theDeviceTellsTheTime() {
    Backend device =
        new ForwardingBackend(Backends.choose("reference").create(BackendOptions.DEFAULT)) {
          @Override
          public long time(Runnable work) {
            work.run();
            return 7;
          }
        };
    GemmBenchmark benchmark = new GemmBenchmark();
    AtomicInteger runs = new AtomicInteger();
    benchmark.use(device);
    benchmark.operation(runs::incrementAndGet);
    benchmark.gemm(clock);
    benchmark.gemm(clock);
    assertThat(runs).hasValue(2);
    assertThat(clock.deviceNanos).isEqualTo(14);
    assertThat(clock.deviceOperations).isEqualTo(2);
    benchmark.tearDown();
  }

  @Test
  void theBackendIsToldItsThreadsAndPrecision() {
    GemmBenchmark benchmark = new GemmBenchmark();
    benchmark.threads = 3;
    benchmark.precision = "bf16";
    assertThat(benchmark.options()).isEqualTo(new BackendOptions(3, Precision.BF16));
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
