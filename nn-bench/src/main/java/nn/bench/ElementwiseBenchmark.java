package nn.bench;

import nn.backend.Backend;
import nn.plan.Plan;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How near to a copy's speed are fused passes over memory? Each is replayed as a plan. */
@State(Scope.Benchmark)
public class ElementwiseBenchmark extends DeviceBenchmark {
  /** Passes between two waits for the device; JMH divides by it. */
  static final int PASSES = 10;

  @Param({"copy", "adam", "bias-gelu", "softmax-cross-entropy"})
  public String kernel;

  @Param("524288")
  public int elements;

  @Setup
  public void setUp() {
    prepare();
    warmUp();
  }

  void prepare() {
    Backend device = open();
    var pass = ElementwiseKernel.named(kernel).factory().on(device, elements);
    Plan plan = Plan.record(device, pass);
    operation(() -> plan.run(PASSES));
  }

  @Benchmark
  @OperationsPerInvocation(PASSES)
  public void elementwise(DeviceClock clock) {
    run(clock);
  }
}
