package nn.bench;

import java.util.concurrent.TimeUnit;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.Precision;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What benchmarks of a backend have in common: the backend, and one operation on it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class DeviceBenchmark {
  @Param("auto")
  public String backend = Backends.AUTO;

  @Param("0")
  public int threads;

  @Param("f32")
  public String precision = "f32";

  private Backend device;
  private Runnable operation;

  /** The backend that the parameters name, closed at the end. */
  final Backend open() {
    return use(Backends.choose(backend).create(options()));
  }

  final BackendOptions options() {
    return new BackendOptions(threads, Precision.named(precision));
  }

  /** Takes a backend, closed at the end. */
  final Backend use(Backend opened) {
    device = opened;
    return device;
  }

  final Backend device() {
    return device;
  }

  /** Sets what an operation of the benchmark gives to the backend. */
  final void operation(Runnable work) {
    operation = work;
  }

  /** Repeats the operation until it is as fast as it gets. */
  final void warmUp() {
    WarmUp.run(() -> {
      operation.run();
      device.synchronize();
    });
  }

  /** One operation. */
  final void run(DeviceClock clock) {
    clock.time(device, operation);
  }

  /** Ends the backend, and with it what was compiled by it. */
  @TearDown
  public void tearDown() {
    device.close();
  }
}
