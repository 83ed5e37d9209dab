package nn.bench;

import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import nn.bench.peer.GemmPeer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What {@link GemmBenchmark} measures, computed by another library. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PeerBenchmark {
  private static final int CHECKED = 100;

  @Param("none")
  public String peer;

  @Param("1")
  public int threads;

  /** m, n, k. */
  @Param("128,100,784")
  public String shape;

  /** Products in one operation of this benchmark, as for nn. */
  @Param("1")
  public int repeats;

  private GemmPeer.Product product;

  @Setup
  public void setUp() {
    prepare();
    WarmUp.run(this::gemm);
  }

  void prepare() {
    GemmShape s = GemmShape.parse(shape);
    float[] a = uniform(s.m() * s.k(), 1);
    float[] b = uniform(s.k() * s.n(), 2);
    product = named(peer).prepare(s.m(), s.n(), s.k(), a, b, threads);
    product.run();
    check(s, a, b, product.result());
  }

  private static GemmPeer named(String name) {
    for (GemmPeer peer : ServiceLoader.load(GemmPeer.class)) {
      if (peer.name().equals(name)) {
        return peer;
      }
    }
    throw new IllegalArgumentException("there is no peer " + name + " on the class path");
  }

  private static float[] uniform(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  /** Is it the same product that nn computes? A few elements tell. */
  private static void check(GemmShape s, float[] a, float[] b, float[] c) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < CHECKED; i++) {
      int row = random.nextInt(s.m());
      int column = random.nextInt(s.n());
      double expected = 0;
      for (int p = 0; p < s.k(); p++) {
        expected += (double) a[row * s.k() + p] * b[p * s.n() + column];
      }
      float found = c[row * s.n() + column];
      if (!(Math.abs(found - expected) <= 1e-4 * expected)) {
        throw new IllegalStateException(
            "wrong product: element [%d, %d] is %s instead of %s"
                .formatted(row, column, found, (float) expected));
      }
    }
  }

  @Benchmark
  public void gemm() {
    for (int i = 0; i < repeats; i++) {
      product.run();
    }
  }

  @TearDown
  public void tearDown() {
    product.close();
  }
}
