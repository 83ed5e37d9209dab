package nn.bench;

import java.lang.foreign.MemorySegment;
import java.util.List;
import nn.backend.Backend;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How fast are matrix products? C = A B in F32 of one shape again and again; C is row-major, and so
 * is each factor or its transpose.
 */
@State(Scope.Benchmark)
public class GemmBenchmark extends DeviceBenchmark {
  /** m, n, k. */
  @Param("128,100,784")
  public String shape;

  /** For each factor whether it lies there as it is, N, or transposed, T. */
  @Param("NN")
  public String form;

  /** Products between two waits for the device: what one operation of this benchmark is. */
  @Param("1")
  public int repeats;

  private Operand product;

  @Setup
  public void setUp() {
    prepare();
    warmUp();
  }

  void prepare() {
    Backend device = open();
    GemmShape s = GemmShape.parse(shape);
    Operand a = factor(s.m(), s.k(), form.charAt(0), 1);
    Operand b = factor(s.k(), s.n(), form.charAt(1), 2);
    product = Workbench.uniform(device, Shape.of(s.m(), s.n()), 3);
    Executable products = device.compile(List.of(Gemm.of(a, b, product)));
    operation(() -> products.run(repeats));
  }

  private Operand factor(int rows, int columns, char how, long seed) {
    if (how == 'N') {
      return Workbench.uniform(device(), Shape.of(rows, columns), seed);
    }
    Operand transpose = Workbench.uniform(device(), Shape.of(columns, rows), seed);
    return transpose.with(transpose.layout().transpose());
  }

  @Benchmark
  public void gemm(DeviceClock clock) {
    run(clock);
  }

  /** What the last run gave, in row-major order. */
  float[] product() {
    float[] values = new float[product.shape().size()];
    device().read(product.buffer(), 0, MemorySegment.ofArray(values));
    return values;
  }
}
