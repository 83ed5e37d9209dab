package nn.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.cpu.CpuBuffer;
import nn.cpu.codegen.Kernels;
import nn.cpu.codegen.Species;
import nn.cpu.thread.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GemmTest {
  private static final Blocking BLOCKS = Blocking.forLanes(Species.LANES);

  /** Blocks so small that few rows, columns and terms pass every edge. */
  private static final Blocking SMALL =
      new Blocking(BLOCKS.tiles(), 5, 1 << 12, 16, 4 * BLOCKS.lanes());

  private final GemmCase data = new GemmCase(42);

  private static int[] around(int... edges) {
    Set<Integer> sizes = new TreeSet<>();
    for (int edge : edges) {
      sizes.add(Math.max(1, edge - 1));
      sizes.add(edge);
      sizes.add(edge + 1);
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  private Gemm product(int m, int n, int k, boolean transposedA, boolean transposedB) {
    Operand a = data.matrix(m, k, transposedA);
    Operand b = data.matrix(k, n, transposedB);
    return Gemm.of(a, b, data.byRows(m, n));
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void everyEdgeOfTilesAndVectors(boolean transposedA, boolean transposedB) {
    GemmEngine engine = new GemmEngine(new Kernels(), BLOCKS);
    int lanes = BLOCKS.lanes();
    for (int m : around(6, 8, 12, 16)) {
      for (int n : around(1, lanes, 2 * lanes, 3 * lanes, 4 * lanes + 2, 7 * lanes)) {
        for (int k : new int[] {0, 1, 2, 3, 19}) {
          GemmCase.check(product(m, n, k, transposedA, transposedB), 1, engine);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void everyEdgeOfBlocks(boolean transposedA, boolean transposedB) {
    GemmEngine engine = new GemmEngine(new Kernels(), SMALL);
    for (int m : around(SMALL.mc(), 3 * SMALL.mc() - 3)) {
      for (int n : around(SMALL.nc(), 3 * SMALL.nc() - 3)) {
        for (int k : new int[] {4, 5, 6, 10, 11, 23}) {
          GemmCase.check(product(m, n, k, transposedA, transposedB), 2, engine);
        }
      }
    }
  }

  @Test
  void sizesOfTheRealBlocks() {
    GemmEngine engine = new GemmEngine(new Kernels(), BLOCKS);
    for (int k : around(BLOCKS.kc(), 2 * BLOCKS.kc())) {
      GemmCase.check(product(21, 37, k, true, false), 2, engine);
      GemmCase.check(product(21, 37, k, false, true), 2, engine);
    }
    GemmCase.check(product(BLOCKS.mc() + 3, 19, 7, false, false), 2, engine);
    GemmCase.check(product(9, BLOCKS.nc() + 5, 7, false, true), 2, engine);
  }

  @ParameterizedTest
  @CsvSource({"128,100,784", "128,10,100", "128,100,10", "100,10,128", "64,64,64"})
  void shapesOfNetworksInEachTransposition(int m, int n, int k) {
    GemmEngine engine = new GemmEngine(new Kernels(), BLOCKS);
    GemmCase.check(product(m, n, k, false, false), 1, engine);
    GemmCase.check(product(m, n, k, true, false), 2, engine);
    GemmCase.check(product(m, n, k, false, true), 3, engine);
  }

  @Test
  void anyStrides() {
    GemmEngine engine = new GemmEngine(new Kernels(), SMALL);
    int m = 35;
    int n = 71;
    int k = 13;
    int[][] ofA = {{40, 1}, {2, 80}, {50, 3}, {-20, 1}, {1, -40}, {0, 1}, {1, 0}, {0, 0}};
    int[][] ofB = {{90, 1}, {1, 17}, {3, 60}, {-72, 1}, {1, -14}, {0, 1}, {1, 0}, {-2, -50}};
    int[][] ofC = {{n + 4, 1}, {1, m + 2}, {3, 3 * m + 1}, {-n, 1}};
    for (int[] a : ofA) {
      for (int[] b : ofB) {
        int[] c = ofC[(a[0] + b[1] + 200) % ofC.length];
        Gemm gemm = Gemm.of(strided(m, k, a), strided(k, n, b), strided(m, n, c));
        GemmCase.check(gemm, 2, engine);
      }
    }
  }

  private Operand strided(int rows, int columns, int[] strides) {
    int lowest = Math.min(0, strides[0] * (rows - 1)) + Math.min(0, strides[1] * (columns - 1));
    return data.matrix(rows, columns, Layout.of(Shape.of(rows, columns), strides, 7 - lowest));
  }

  @Test
  void axesOfExtentOneMayHaveAnyStride() {
    GemmEngine engine = new GemmEngine(new Kernels(), BLOCKS);
    Operand a = data.matrix(1, 9, Layout.of(Shape.of(1, 9), new int[] {0, 1}, 0));
    Operand b = data.matrix(9, 1, Layout.of(Shape.of(9, 1), new int[] {2, 0}, 0));
    Operand c = data.matrix(1, 1, Layout.of(Shape.of(1, 1), new int[] {0, 0}, 4));
    GemmCase.check(Gemm.of(a, b, c), 1, engine);
  }

  @Test
  void nothingToDo() {
    GemmEngine engine = new GemmEngine(new Kernels(), BLOCKS);
    GemmCase.check(product(0, 5, 3, false, false), 2, engine);
    GemmCase.check(product(5, 0, 3, true, true), 2, engine);
    GemmCase.check(product(0, 0, 0, false, false), 2, engine);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void notANumberSpreadsToItsRowAndColumnOnly(int threads) {
    Gemm gemm = product(30, 70, 40, false, false);
    put(gemm.a(), 17, 5, Float.NaN);
    put(gemm.a(), 3, 39, Float.POSITIVE_INFINITY);
    put(gemm.b(), 39, 69, 0); // infinity * 0
    GemmCase.run(gemm, threads);
    Operand c = gemm.outputs().getFirst();
    for (int i = 0; i < 30; i++) {
      for (int j = 0; j < 70; j++) {
        boolean expected = i == 17 || i == 3 && j == 69;
        assertThat(Float.isNaN(GemmCase.get(c, i, j))).isEqualTo(expected);
        assertThat(Float.isInfinite(GemmCase.get(c, i, j))).isEqualTo(i == 3 && j != 69);
      }
    }
  }

  /** What lies beside a matrix in memory must not reach the result, not even through 0 * NaN. */
  @Test
  void neighboursInMemoryDoNotMatter() {
    for (boolean transposed : new boolean[] {false, true}) {
      Gemm gemm = product(13, 21, 11, transposed, transposed);
      float[] a = GemmCase.floats(gemm.a());
      float[] b = GemmCase.floats(gemm.b());
      Arrays.fill(a, 0, GemmCase.begin(gemm.a()), Float.NaN);
      Arrays.fill(a, GemmCase.end(gemm.a()), a.length, Float.NaN);
      Arrays.fill(b, 0, GemmCase.begin(gemm.b()), Float.NaN);
      Arrays.fill(b, GemmCase.end(gemm.b()), b.length, Float.NaN);
      GemmCase.check(gemm, 1, new GemmEngine(new Kernels(), BLOCKS));
    }
  }

  private static void put(Operand operand, int row, int column, float value) {
    GemmCase.floats(operand)[GemmCase.at(operand, row, column)] = value;
  }

  @ParameterizedTest
  @CsvSource({"61,83,300", "7,500,600", "300,5,64", "100,10,128"})
  void theNumberOfThreadsDoesNotShow(int m, int n, int k) {
    Gemm gemm = product(m, n, k, true, false);
    Operand c = gemm.outputs().getFirst();
    GemmCase.run(gemm, 1);
    float[] one = GemmCase.floats(c).clone();
    for (int threads : new int[] {2, 3, 4, 7}) {
      Arrays.fill(GemmCase.floats(c), GemmCase.begin(c), GemmCase.end(c), Float.NaN);
      GemmCase.run(gemm, threads);
      assertThat(GemmCase.floats(c)).containsExactly(one);
    }
  }

  @Test
  void theFirstCallAndTheTenThousandthGiveTheSameBits() {
    Gemm gemm = product(19, 45, 37, false, true);
    Operand c = gemm.outputs().getFirst();
    GemmJob job = new GemmEngine(new Kernels()).bind(gemm);
    try (Team team = new Team(2)) {
      team.run(job, job.parts(2));
      float[] first = GemmCase.floats(c).clone();
      for (int i = 0; i < 10_000; i++) {
        Arrays.fill(GemmCase.floats(c), GemmCase.begin(c), GemmCase.end(c), Float.NaN);
        team.run(job, job.parts(2));
        assertThat(Arrays.equals(GemmCase.floats(c), first)).isTrue();
      }
    }
  }

  @Test
  void halfPrecisionIsWidened() {
    int m = 18;
    int n = 37;
    int k = 9;
    for (boolean transposed : new boolean[] {false, true}) {
      Gemm full = product(m, n, k, transposed, transposed);
      Operand a = rounded(full.a());
      Operand b = rounded(full.b());
      Gemm expected = Gemm.of(widened(a), widened(b), full.outputs().getFirst());
      GemmCase.check(expected, 1, new GemmEngine(new Kernels(), SMALL));
      Operand c = data.byRows(m, n);
      GemmCase.run(Gemm.of(a, b, c), 2, new GemmEngine(new Kernels(), SMALL));
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          assertThat(GemmCase.get(c, i, j)).isEqualTo(GemmCase.chain(expected, i, j));
        }
      }
    }
  }

  private static Operand rounded(Operand operand) {
    CpuBuffer floats = (CpuBuffer) operand.buffer();
    CpuBuffer buffer = new CpuBuffer(DType.BF16, floats.length());
    for (int i = 0; i < floats.length(); i++) {
      int bits = Float.floatToRawIntBits(GemmCase.floats(floats)[floats.first() + i]);
      ((short[]) buffer.array())[buffer.first() + i] = (short) (bits >> 16);
    }
    return Operand.of(buffer, operand.layout());
  }

  private static Operand widened(Operand operand) {
    CpuBuffer halves = (CpuBuffer) operand.buffer();
    CpuBuffer buffer = new CpuBuffer(DType.F32, halves.length());
    for (int i = 0; i < halves.length(); i++) {
      int bits = ((short[]) halves.array())[halves.first() + i] << 16;
      GemmCase.floats(buffer)[buffer.first() + i] = Float.intBitsToFloat(bits);
    }
    return Operand.of(buffer, operand.layout());
  }

  @Test
  void cursorsMoveTheOperands() {
    CpuBuffer counter = new CpuBuffer(DType.I32, 1);
    Operand many = data.byRows(3 * 20, 30);
    Operand a = moved(many, Shape.of(20, 30), counter, 20 * 30);
    Operand b = data.byRows(30, 40);
    Operand c = moved(data.byRows(3 * 20, 40), Shape.of(20, 40), counter, 20 * 40);
    GemmJob job = new GemmEngine(new Kernels()).bind(Gemm.of(a, b, c));
    for (int step = 0; step < 3; step++) {
      counter.setCount(step);
      job.run(0, job.parts(1));
    }
    Operand whole = Operand.of(c.buffer(), Layout.contiguous(Shape.of(60, 40), 3));
    Gemm all = Gemm.of(many, b, whole);
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 40; j++) {
        assertThat(GemmCase.get(whole, i, j)).isEqualTo(GemmCase.chain(all, i, j));
      }
    }
  }

  private static Operand moved(Operand operand, Shape shape, CpuBuffer counter, int stride) {
    return Operand.of(operand.buffer(), Layout.contiguous(shape, operand.layout().offset()))
        .movedBy(new Cursor(counter, stride));
  }

  @Test
  void anotherBackendsBufferIsRefused() {
    record Foreign(DType type, int length) implements Buffer {}
    Operand mine = data.byRows(2, 2);
    Operand foreign = Operand.of(new Foreign(DType.F32, 4), Shape.of(2, 2));
    assertThatThrownBy(() -> new GemmEngine(new Kernels()).bind(Gemm.of(mine, foreign, mine)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another backend");
  }
}
