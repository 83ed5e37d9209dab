package nn.bench;

import java.util.concurrent.TimeUnit;
import nn.backend.Backend;
import nn.plan.Plan;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How near to a copy's speed are fused passes over memory? Each is replayed as a plan. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ElementwiseBenchmark {
  /** Passes between two waits for the device; JMH divides by it. */
  static final int PASSES = 10;

  @Param("auto")
  public String backend;

  @Param("0")
  public int threads;

  @Param({"copy", "adam", "bias-gelu", "softmax-cross-entropy"})
  public String kernel;

  @Param("524288")
  public int elements;

  private Backend device;
  private Plan plan;

  @Setup
  public void setUp() {
    prepare();
    WarmUp.run(this::elementwise);
  }

  void prepare() {
    device = Workbench.backend(backend, threads);
    plan = Plan.record(device, ElementwiseKernel.named(kernel).factory().on(device, elements));
  }

  @Benchmark
  @OperationsPerInvocation(PASSES)
  public void elementwise() {
    plan.run(PASSES);
    device.synchronize();
  }

  @TearDown
  public void tearDown() {
    plan.close();
    device.close();
  }
}
