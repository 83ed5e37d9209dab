package nn.tck;

import java.util.ArrayList;
import java.util.List;
import nn.backend.DType;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;

/** Matrix products: ragged in M, N and K, transposed, with gaps, with every kind of epilogue. */
final class GemmCases {
  private static final int[] RAGGED = {
    1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65,
    70
  };
  private static final int[][] LARGE = {
    {128, 100, 784},
    {784, 100, 128},
    {128, 10, 100},
    {100, 10, 128},
    {1, 10, 784},
    {257, 129, 300},
    {1, 700, 600},
    {600, 1, 700},
    {300, 300, 1},
    {97, 33, 1031}
  };
  private static final Expr AB = Expr.input(0);
  private static final Expr E1 = Expr.input(1);

  private GemmCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    ragged(cases);
    for (int[] size : LARGE) {
      for (int transposed = 0; transposed < 4; transposed++) {
        cases.add(product(size[0], size[1], size[2], transposed));
      }
    }
    cases.addAll(List.of(empty(0, 5, 3), empty(5, 0, 3), empty(5, 33, 0), empty(0, 0, 0)));
    cases.addAll(List.of(columns(), everyOther(), broadcastFactor(), intoTransposed()));
    cases.addAll(List.of(bfloat16(), bfloat16Result(), notFinite(), zeroTimesInfinity()));
    cases.addAll(EpilogueCases.cases());
    cases.addAll(WindowCases.cases());
    cases.addAll(SparseCases.cases());
    return cases;
  }

  /**
   * Every size in each place, beside others that are ragged too, and each in all transpositions.
   */
  private static void ragged(List<Case> cases) {
    int count = RAGGED.length;
    for (int i = 0; i < count; i++) {
      int size = RAGGED[i];
      int other = RAGGED[(5 * i + 7) % count];
      int third = RAGGED[(11 * i + 3) % count];
      cases.add(product(size, other, third, i % 4));
      cases.add(product(third, size, other, (i + 1) % 4));
      cases.add(product(other, third, size, (i + 2) % 4));
      cases.add(product(size, size, size, (i + 3) % 4));
    }
    for (int transposed = 0; transposed < 4; transposed++) {
      cases.add(product(71, 70, 69, transposed));
      cases.add(product(13, 67, 29, transposed));
    }
  }

  static Case gemm(String name, Tolerance tolerance, Body body) {
    return Computation.one(name, Verb.GEMM, tolerance, body::command);
  }

  interface Body {
    Gemm command(Workspace w);
  }

  /** Row-major, or stored as its transpose. */
  private static Operand matrix(Workspace w, int rows, int columns, boolean transposed) {
    Operand stored = transposed ? w.normal(columns, rows) : w.normal(rows, columns);
    return transposed ? stored.with(stored.layout().transpose()) : stored;
  }

  private static Case product(int m, int n, int k, int transposed) {
    boolean a = (transposed & 1) != 0;
    boolean b = (transposed & 2) != 0;
    return gemm(
        "%d x %d x %d%s%s".formatted(m, n, k, a ? ", A transposed" : "", b ? ", B transposed" : ""),
        Tolerance.SUM,
        w -> Gemm.of(matrix(w, m, k, a), matrix(w, k, n, b), w.output(m, n)));
  }

  private static Case empty(int m, int n, int k) {
    Expr biased = AB.add(E1);
    return gemm(
        "%d x %d x %d with a bias".formatted(m, n, k),
        Tolerance.ROUNDED,
        w ->
            new Gemm(
                w.normal(m, k),
                w.normal(k, n),
                Program.of(biased),
                List.of(w.normal(n).broadcastTo(Shape.of(m, n))),
                List.of(w.output(m, n))));
  }

  /** Parts of wider matrices. */
  private static Case columns() {
    return gemm(
        "columns of wider matrices",
        Tolerance.SUM,
        w -> {
          Layout a = Layout.contiguous(Shape.of(21, 60), 0).slice(1, 7, 44);
          Layout b = Layout.contiguous(Shape.of(37, 50), 0).slice(1, 3, 36);
          Layout c = Layout.contiguous(Shape.of(21, 40), 0).slice(1, 5, 38);
          return Gemm.of(w.normal(DType.F32, a), w.normal(DType.F32, b), w.output(DType.F32, c));
        });
  }

  private static Case everyOther() {
    return gemm(
        "every other element, and backwards",
        Tolerance.SUM,
        w -> {
          Layout a = Layout.of(Shape.of(19, 23), new int[] {60, 2}, 1);
          Layout b = Layout.of(Shape.of(23, 37), new int[] {-80, 2}, 22 * 80);
          Layout c = Layout.of(Shape.of(19, 37), new int[] {120, 3}, 2);
          return Gemm.of(w.normal(DType.F32, a), w.normal(DType.F32, b), w.output(DType.F32, c));
        });
  }

  private static Case broadcastFactor() {
    return gemm(
        "factors broadcast",
        Tolerance.SUM,
        w -> {
          Operand a = w.normal(1, 19).broadcastTo(Shape.of(14, 19));
          Operand b = w.normal(19, 1).broadcastTo(Shape.of(19, 33));
          return Gemm.of(a, b, w.output(14, 33));
        });
  }

  private static Case intoTransposed() {
    return gemm(
        "into a transposed matrix",
        Tolerance.SUM,
        w -> {
          Layout c = Layout.contiguous(Shape.of(35, 27), 0).transpose();
          return Gemm.of(w.normal(27, 18), w.normal(18, 35), w.output(DType.F32, c));
        });
  }

  private static Case bfloat16() {
    return gemm(
        "factors of BF16",
        Tolerance.SUM,
        w ->
            Gemm.of(
                w.normal(DType.BF16, Layout.contiguous(Shape.of(33, 65), 0)),
                w.normal(DType.BF16, Layout.contiguous(Shape.of(65, 17), 0)),
                w.output(33, 17)));
  }

  private static Case bfloat16Result() {
    return gemm(
        "result stored as BF16",
        Tolerance.SUM,
        w -> Gemm.of(w.normal(33, 65), w.normal(65, 17), w.output(DType.BF16, 33, 17)));
  }

  /** One NaN and one infinity in each factor spoil their row and column, and nothing else. */
  private static Case notFinite() {
    return gemm(
        "NaN and infinity in the factors",
        Tolerance.SUM,
        w -> {
          double[] a = w.random().doubles(29 * 31, 0.5, 1).toArray();
          double[] b = w.random().doubles(31 * 37, 0.5, 1).toArray();
          a[3 * 31 + 30] = Double.NaN;
          a[17 * 31] = Double.POSITIVE_INFINITY;
          b[5 * 37 + 36] = Double.NaN;
          b[30 * 37 + 20] = Double.NEGATIVE_INFINITY;
          Operand left = w.values(DType.F32, a).with(Layout.contiguous(Shape.of(29, 31), 0));
          Operand right = w.values(DType.F32, b).with(Layout.contiguous(Shape.of(31, 37), 0));
          return Gemm.of(left, right, w.output(29, 37));
        });
  }

  private static Case zeroTimesInfinity() {
    return gemm(
        "zero times infinity",
        Tolerance.SUM,
        w -> {
          double[] b = w.random().doubles(9 * 20).toArray();
          b[4 * 20 + 19] = Double.POSITIVE_INFINITY;
          Operand right = w.values(DType.F32, b).with(Layout.contiguous(Shape.of(9, 20), 0));
          Operand left = w.values(DType.F32, new double[15 * 9]);
          return Gemm.of(left.with(Layout.contiguous(Shape.of(15, 9), 0)), right, w.output(15, 20));
        });
  }
}
