package nn.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.SplittableRandom;
import nn.backend.DType;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.cpu.CpuBuffer;
import nn.cpu.codegen.Kernels;
import nn.cpu.thread.Team;

/** Matrices for tests, and the ways to multiply them. */
final class GemmCase {
  private final SplittableRandom random;

  GemmCase(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A matrix of random numbers with room around it. */
  Operand matrix(int rows, int columns, Layout layout) {
    CpuBuffer buffer = new CpuBuffer(DType.F32, Math.max(1, layout.end() + 5));
    float[] array = floats(buffer);
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextDouble(-1, 1);
    }
    assertThat(layout.shape()).isEqualTo(Shape.of(rows, columns));
    return Operand.of(buffer, layout);
  }

  /** Stored by rows, without gaps. */
  Operand byRows(int rows, int columns) {
    return matrix(rows, columns, Layout.contiguous(Shape.of(rows, columns), 3));
  }

  /** Stored by columns. */
  Operand byColumns(int rows, int columns) {
    return matrix(rows, columns, Layout.contiguous(Shape.of(columns, rows), 2).transpose());
  }

  Operand matrix(int rows, int columns, boolean transposed) {
    return transposed ? byColumns(rows, columns) : byRows(rows, columns);
  }

  /** All of a buffer's array, also what is before and behind its elements. */
  static float[] floats(CpuBuffer buffer) {
    return (float[]) buffer.array();
  }

  static float[] floats(Operand operand) {
    return floats((CpuBuffer) operand.buffer());
  }

  /** Where in the array a matrix begins. */
  static int begin(Operand operand) {
    return ((CpuBuffer) operand.buffer()).first() + operand.layout().offset();
  }

  /** Where in the array a matrix ends. */
  static int end(Operand operand) {
    return begin(operand) + operand.layout().end() - operand.layout().offset();
  }

  /** Where in the array an element lies. */
  static int at(Operand operand, int row, int column) {
    Layout layout = operand.layout();
    return begin(operand) + row * layout.stride(0) + column * layout.stride(1);
  }

  static float get(Operand operand, int row, int column) {
    return floats(operand)[at(operand, row, column)];
  }

  static void run(Gemm gemm, int threads) {
    run(gemm, threads, new GemmEngine(new Kernels()));
  }

  static void run(Gemm gemm, int threads, GemmEngine engine) {
    GemmJob job = engine.bind(gemm);
    try (Team team = new Team(threads)) {
      team.run(job, job.parts(threads));
    }
  }

  /** The sums as the micro-kernels define them: one chain of fused multiply-adds. */
  static float chain(Gemm gemm, int row, int column) {
    float sum = 0;
    for (int p = 0; p < gemm.k(); p++) {
      sum = Math.fma(get(gemm.a(), row, p), get(gemm.b(), p, column), sum);
    }
    return sum;
  }

  /** The sum in double precision, and in [1] that of the magnitudes. */
  static double[] exact(Gemm gemm, int row, int column) {
    double sum = 0;
    double magnitude = 0;
    for (int p = 0; p < gemm.k(); p++) {
      double product = (double) get(gemm.a(), row, p) * get(gemm.b(), p, column);
      sum += product;
      magnitude += Math.abs(product);
    }
    return new double[] {sum, magnitude};
  }

  /** Runs a plain product and checks each element, and that nothing else was written. */
  static void check(Gemm gemm, int threads, GemmEngine engine) {
    Operand c = gemm.outputs().getFirst();
    float[] before = floats(c).clone();
    run(gemm, threads, engine);
    float[] expected = before.clone();
    for (int i = 0; i < gemm.m(); i++) {
      for (int j = 0; j < gemm.n(); j++) {
        double[] exact = exact(gemm, i, j);
        if (!(Math.abs(get(c, i, j) - exact[0]) <= gemm.k() * 0x1p-24 * exact[1])) {
          fail("%s, element %d, %d: %s for %s", describe(gemm), i, j, get(c, i, j), exact[0]);
        }
        expected[at(c, i, j)] = chain(gemm, i, j);
      }
    }
    if (!Arrays.equals(floats(c), expected)) {
      assertThat(floats(c)).as(describe(gemm)).containsExactly(expected);
    }
  }

  static String describe(Gemm gemm) {
    return "%d x %d x %d, a %s, b %s, c %s"
        .formatted(
            gemm.m(),
            gemm.n(),
            gemm.k(),
            gemm.a().layout(),
            gemm.b().layout(),
            gemm.outputs().getFirst().layout());
  }
}
