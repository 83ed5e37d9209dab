package nn.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import nn.backend.Backend;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How fast are matrix products? C = A B in F32, row-major, of one shape again and again. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GemmBenchmark {
  @Param("auto")
  public String backend;

  @Param("0")
  public int threads;

  /** m, n, k. */
  @Param("128,100,784")
  public String shape;

  /** Products between two waits for the device: what one operation of this benchmark is. */
  @Param("1")
  public int repeats;

  private Backend device;
  private Executable products;

  @Setup
  public void setUp() {
    prepare();
    WarmUp.run(this::gemm);
  }

  void prepare() {
    device = Workbench.backend(backend, threads);
    GemmShape s = GemmShape.parse(shape);
    Operand a = Workbench.uniform(device, Shape.of(s.m(), s.k()), 1);
    Operand b = Workbench.uniform(device, Shape.of(s.k(), s.n()), 2);
    Operand c = Workbench.uniform(device, Shape.of(s.m(), s.n()), 3);
    products = device.compile(List.of(Gemm.of(a, b, c)));
  }

  @Benchmark
  public void gemm() {
    products.run(repeats);
    device.synchronize();
  }

  @TearDown
  public void tearDown() {
    products.close();
    device.close();
  }
}
