package nn.bench;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.ProfilingBackend;
import nn.backend.Shape;
import nn.layer.Layer;
import nn.loss.Losses;
import nn.plan.Plan;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.train.Batch;
import nn.train.TrainingStep;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * How long does a training step take, and how much of it is the forward pass and backpropagation?
 * The batch stays the same and so, with a learning rate of 0, do the parameters: a net that had
 * learned its one batch by heart would have subnormal gradients, which take longer.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class StepBenchmark extends DeviceBenchmark {
  /** Steps between two waits for the device; JMH divides by it. */
  static final int STEPS = 10;

  @Param({"two-layer", "mlp", "wide"})
  public String model;

  /** plan: recorded once and replayed; eager: each command as it comes. */
  @Param({"plan", "eager"})
  public String mode;

  private Parameters parameters;
  private TrainingStep training;
  private Layer layer;
  private Operand input;
  private Operand target;
  private Operand logits;
  private Operand loss;
  private TrainingStep.Slots slots;

  @Setup
  public void setUp(BenchmarkParams params) {
    String benchmark = params.getBenchmark();
    prepare(benchmark.substring(benchmark.lastIndexOf('.') + 1));
    warmUp();
  }

  /** Gets ready for one of the benchmarks below, by its name. */
  void prepare(String benchmark) {
    prepare(benchmark, open());
  }

  private void prepare(String benchmark, Backend device) {
    StepCase step = StepCase.named(model);
    layer = step.model();
    parameters = new Parameters(device, DType.F32, layer.parameters(), 0);
    training =
        new TrainingStep(parameters, layer, Losses::softmaxCrossEntropy, step.optimizer(), null, 0);
    input = Workbench.uniform(device, Shape.of(step.batch(), StepCase.FEATURES), 1);
    target = Workbench.labels(device, step.batch(), StepCase.CLASSES, 2);
    logits = Workbench.zeros(device, DType.F32, Shape.of(step.batch(), StepCase.CLASSES));
    loss = Workbench.zeros(device, DType.F32, Shape.of(1));
    slots = slots(step);
    operation(repeated(work(benchmark)));
  }

  private TrainingStep.Slots slots(StepCase step) {
    Backend device = device();
    double[] numbers = step.optimizer().scalars(0, 1);
    Operand[] scalars = new Operand[numbers.length];
    for (int i = 0; i < scalars.length; i++) {
      scalars[i] = Workbench.filled(device, Shape.of(1), (float) numbers[i]);
    }
    IntFunction<Operand> byIndex = i -> scalars[i];
    Operand seed = Workbench.zeros(device, DType.I32, Shape.of(1));
    Operand correct = Workbench.zeros(device, DType.F32, Shape.of(1));
    return new TrainingStep.Slots(seed, byIndex, loss, correct);
  }

  private Consumer<Backend> work(String benchmark) {
    return switch (benchmark) {
      case "forward" -> this::runForward;
      case "forwardBackward" -> this::runForwardBackward;
      case "step" -> on -> training.run(on, this::batch, slots);
      default -> throw new IllegalStateException("no benchmark " + benchmark);
    };
  }

  /** Ten times what was asked for, in the mode asked for. */
  private Runnable repeated(Consumer<Backend> work) {
    return switch (mode) {
      case "plan" -> {
        Plan plan = Plan.record(device(), work);
        yield () -> plan.run(STEPS);
      }
      case "eager" ->
          () -> {
            for (int i = 0; i < STEPS; i++) {
              work.accept(device());
            }
          };
      default -> throw new IllegalArgumentException("mode is plan or eager, not " + mode);
    };
  }

  private Batch batch(Scope scope) {
    return new Batch(scope.constant(input), scope.constant(target));
  }

  private void runForward(Backend on) {
    try (Scope scope = new Scope(on, parameters, Mode.EVALUATE)) {
      scope.copyInto(layer.forward(scope.constant(input), scope), logits);
    }
  }

  private void runForwardBackward(Backend on) {
    try (Scope scope = new Scope(on, parameters, Mode.TRAIN)) {
      Batch batch = batch(scope);
      var value = Losses.softmaxCrossEntropy(layer.forward(batch.input(), scope), batch.target());
      scope.backward(value);
      scope.copyInto(value.reshape(1), loss);
    }
  }

  /** Logits from the batch. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void forward(DeviceClock clock) {
    run(clock);
  }

  /** The loss and the gradients of all parameters. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void forwardBackward(DeviceClock clock) {
    run(clock);
  }

  /** All of it, with the optimizer's update. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void step(DeviceClock clock) {
    run(clock);
  }

  /**
   * Where the time of a case's step goes, command by command, as a table.
   *
   * @param millis how long to measure
   */
  static String profile(Backend backend, String model, int millis) {
    ProfilingBackend profiling = new ProfilingBackend(backend);
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.model = model;
    benchmark.mode = "plan";
    benchmark.prepare("step", benchmark.use(profiling));
    benchmark.warmUp();
    profiling.reset();
    DeviceClock clock = new DeviceClock();
    long end = System.nanoTime() + millis * 1_000_000L;
    while (System.nanoTime() < end) {
      benchmark.run(clock);
    }
    benchmark.tearDown();
    return profiling.table();
  }

  /** The loss of the last step, NaN-free if all went well. */
  float lastLoss() {
    float[] value = new float[1];
    device().read(loss.buffer(), 0, MemorySegment.ofArray(value));
    return value[0];
  }

  /** What the last forward pass gave, in row-major order. */
  float[] lastLogits() {
    float[] values = new float[logits.shape().size()];
    device().read(logits.buffer(), 0, MemorySegment.ofArray(values));
    return values;
  }
}
