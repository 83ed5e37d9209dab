package nn.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How fast can one thread multiply and add at all? A loop that C2 makes vectors of, as wide as the
 * JVM's flags allow: for each load and store six fused operations, few enough that those of the
 * next vectors fill the time that they wait for each other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PeakBenchmark {
  private static final int ELEMENTS = 2048; // 8 KiB: within the first cache
  private static final int PASSES = 100;

  /** Of one operation of this benchmark. */
  static final double FLOPS = 2.0 * 6 * ELEMENTS * PASSES;

  private final float[] values = new float[ELEMENTS];
  private float factor;
  private float summand;

  @Setup
  public void setUp() {
    prepare();
    WarmUp.run(this::multiplyAndAdd);
  }

  /** Values that stay where they are: neither overflow nor subnormal numbers. */
  void prepare() {
    factor = 0.5f;
    summand = 0.5f;
    Arrays.fill(values, 1);
  }

  @Benchmark
  public void multiplyAndAdd() {
    for (int i = 0; i < PASSES; i++) {
      pass(values, factor, summand);
    }
  }

  private static void pass(float[] values, float a, float b) {
    for (int i = 0; i < values.length; i++) {
      float x = values[i];
      x = Math.fma(x, a, b);
      x = Math.fma(x, a, b);
      x = Math.fma(x, a, b);
      x = Math.fma(x, a, b);
      x = Math.fma(x, a, b);
      x = Math.fma(x, a, b);
      values[i] = x;
    }
  }

  float value() {
    return values[0];
  }
}
