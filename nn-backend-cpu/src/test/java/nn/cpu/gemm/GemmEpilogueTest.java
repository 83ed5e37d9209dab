package nn.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nn.backend.DType;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.cpu.CpuBuffer;
import nn.cpu.codegen.Kernels;
import nn.cpu.codegen.Species;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import org.junit.jupiter.api.Test;

/**
 * Epilogues whose operations are exact or rounded once, so that each element can be foretold to the
 * bit.
 */
class GemmEpilogueTest {
  private static final Expr SUM = Expr.input(0);
  private static final Blocking BLOCKS = Blocking.forLanes(Species.LANES);
  private static final Blocking SMALL =
      new Blocking(BLOCKS.tiles(), 7, 1 << 12, 16, 4 * BLOCKS.lanes());

  private final GemmCase data = new GemmCase(7);
  private final GemmEngine engine = new GemmEngine(new Kernels(), SMALL);

  /** What an output should hold, given the sum and the extras' elements. */
  private interface Expected {
    float of(float sum, float[] extras, int row, int column);
  }

  /** Checks sizes on both sides of every edge, with sums made in one go and in several. */
  private void check(Expr expr, List<int[]> extraStrides, Expected expected) {
    for (int m : new int[] {1, 9, 3 * SMALL.mc() - 3}) {
      for (int n : new int[] {SMALL.lanes() - 1, SMALL.nc() + 3, 3 * SMALL.nc()}) {
        for (int k : new int[] {0, 6, 15}) {
          check(expr, extras(m, n, extraStrides), expected, m, n, k);
        }
      }
    }
  }

  /** A stride of -1 stands for the row's or column's full length. */
  private List<Operand> extras(int m, int n, List<int[]> strides) {
    List<Operand> extras = new ArrayList<>();
    for (int[] pair : strides) {
      int[] actual = {pair[0] == -1 ? n + 2 : pair[0], pair[1] == -1 ? m + 1 : pair[1]};
      extras.add(data.matrix(m, n, Layout.of(Shape.of(m, n), actual, 1)));
    }
    return extras;
  }

  private void check(Expr expr, List<Operand> extras, Expected expected, int m, int n, int k) {
    Operand c = data.byRows(m, n);
    Gemm gemm =
        new Gemm(data.byRows(m, k), data.byColumns(k, n), Program.of(expr), extras, List.of(c));
    GemmCase.run(gemm, 2, engine);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float value = expected.of(GemmCase.chain(gemm, i, j), elements(extras, i, j), i, j);
        assertThat(GemmCase.get(c, i, j)).as("%s at %d, %d", gemm, i, j).isEqualTo(value);
      }
    }
  }

  private static float[] elements(List<Operand> extras, int row, int column) {
    float[] values = new float[extras.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = GemmCase.get(extras.get(i), row, column);
    }
    return values;
  }

  @Test
  void withoutExtras() {
    check(SUM.max(Expr.ZERO), List.of(), (sum, x, i, j) -> Math.max(sum, 0f));
    check(SUM.mul(0.3), List.of(), (sum, x, i, j) -> sum * 0.3f);
  }

  @Test
  void biasForEachColumn() {
    Expr relu = SUM.add(Expr.input(1)).max(Expr.ZERO);
    check(relu, List.of(new int[] {0, 1}), (sum, x, i, j) -> Math.max(sum + x[0], 0f));
  }

  @Test
  void biasForEachRowOrForAll() {
    Expr sum = SUM.add(Expr.input(1)).mul(Expr.input(2));
    List<int[]> strides = List.of(new int[] {1, 0}, new int[] {0, 0});
    check(sum, strides, (s, x, i, j) -> (s + x[0]) * x[1]);
  }

  @Test
  void wholeMatricesContiguousAndStrided() {
    Expr masked = Expr.select(Expr.input(1).gt(Expr.ZERO), SUM.add(Expr.input(2)), Expr.ZERO);
    List<int[]> strides = List.of(new int[] {-1, 1}, new int[] {1, -1});
    check(masked, strides, (s, x, i, j) -> x[0] > 0 ? s + x[1] : 0f);
  }

  @Test
  void indicesAndPositionAreThoseOfC() {
    Expr place = Expr.index(0).toFloat().add(SUM).sub(Expr.index(1).toFloat().mul(0.5));
    check(place, List.of(), (s, x, i, j) -> i + s - j * 0.5f);
    Operand c = data.byRows(40, 77);
    Gemm gemm =
        new Gemm(
            data.byRows(40, 9),
            data.byRows(9, 77),
            Program.of(Expr.position().toFloat().add(SUM.mul(0))),
            List.of(),
            List.of(c));
    GemmCase.run(gemm, 2, engine);
    assertThat(GemmCase.get(c, 39, 76)).isEqualTo(40 * 77 - 1);
    assertThat(GemmCase.get(c, 21, 5)).isEqualTo(21 * 77 + 5);
  }

  @Test
  void severalOutputsOfOtherTypesAndLayouts() {
    int m = 29;
    int n = 75;
    Operand c = data.byRows(m, n);
    Operand transposed = data.byColumns(m, n);
    CpuBuffer bits = new CpuBuffer(DType.U8, m * n);
    Operand mask = Operand.of(bits, Shape.of(m, n));
    Expr positive = Expr.select(SUM.gt(Expr.ZERO), Expr.integer(1), Expr.integer(0));
    Gemm gemm =
        new Gemm(
            data.byRows(m, 20),
            data.byRows(20, n),
            Program.of(SUM, SUM.max(Expr.ZERO), positive),
            List.of(),
            List.of(c, transposed, mask));
    GemmCase.run(gemm, 2, engine);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = GemmCase.chain(gemm, i, j);
        assertThat(GemmCase.get(c, i, j)).isEqualTo(sum);
        assertThat(GemmCase.get(transposed, i, j)).isEqualTo(Math.max(sum, 0f));
        assertThat(((byte[]) bits.array())[bits.first() + i * n + j])
            .isEqualTo((byte) (sum > 0 ? 1 : 0));
      }
    }
  }

  @Test
  void alphaBetaWithTheOutputAsExtra() {
    for (int m : new int[] {1, 9, 50}) {
      for (int n : new int[] {5, 33, 140}) {
        for (int k : new int[] {0, 3, 30}) {
          Operand c = data.byRows(m, n);
          float[] before = GemmCase.floats(c).clone();
          Gemm gemm = Gemm.of(2, data.byColumns(m, k), data.byRows(k, n), -0.5, c);
          GemmCase.run(gemm, 3, engine);
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
              float old = before[GemmCase.at(c, i, j)];
              float expected = GemmCase.chain(gemm, i, j) * 2 + old * -0.5f;
              assertThat(GemmCase.get(c, i, j)).isEqualTo(expected);
            }
          }
        }
      }
    }
  }

  @Test
  void withBetaZeroTheOutputIsNotRead() {
    Operand c = data.byRows(9, 20);
    Arrays.fill(GemmCase.floats(c), Float.NaN);
    Gemm gemm = Gemm.of(3, data.byRows(9, 4), data.byRows(4, 20), 0, c);
    GemmCase.run(gemm, 1, engine);
    assertThat(GemmCase.get(c, 8, 19)).isEqualTo(GemmCase.chain(gemm, 8, 19) * 3);
  }

  @Test
  void integersCanBeRead() {
    int m = 20;
    int n = 50;
    CpuBuffer labels = new CpuBuffer(DType.I32, m);
    for (int i = 0; i < m; i++) {
      ((int[]) labels.array())[labels.first() + i] = i % n;
    }
    Operand column = Operand.of(labels, Layout.of(Shape.of(m, n), new int[] {1, 0}, 0));
    Expr target =
        Expr.select(Expr.apply(Op.EQ, Expr.index(1), Expr.intInput(1)), SUM.sub(Expr.ONE), SUM);
    Operand c = data.byRows(m, n);
    Gemm gemm =
        new Gemm(
            data.byRows(m, 8), data.byRows(8, n), Program.of(target), List.of(column), List.of(c));
    GemmCase.run(gemm, 2, engine);
    for (int i = 0; i < m; i++) {
      float sum = GemmCase.chain(gemm, i, i);
      assertThat(GemmCase.get(c, i, i)).isEqualTo(sum - 1);
      assertThat(GemmCase.get(c, i, (i + 1) % n)).isEqualTo(GemmCase.chain(gemm, i, (i + 1) % n));
    }
  }
}
