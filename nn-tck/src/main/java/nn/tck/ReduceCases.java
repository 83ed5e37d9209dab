package nn.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nn.backend.Combiner;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Reductions: every combiner over every set of axes, awkward sizes, nothing at all, NaN and ties.
 */
final class ReduceCases {
  private static final Expr X = Expr.input(0);
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final int[][] SHAPES = {{37}, {5, 19}, {3, 4, 17}, {2, 3, 5, 18}};

  private ReduceCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int[] dims : SHAPES) {
      for (int axes = 0; axes < 1 << dims.length; axes++) {
        cases.add(all(dims, axes(axes)));
      }
    }
    for (int n : Sizes.all()) {
      cases.add(all(new int[] {3, n}, List.of(1)));
      cases.add(all(new int[] {n, 3}, List.of(0)));
      cases.add(all(new int[] {n, 33}, List.of(0)));
    }
    cases.add(all(new int[] {2, 0, 3}, List.of(0)));
    cases.add(all(new int[] {0, 3}, List.of(1)));
    special(cases);
    cases.addAll(List.of(million(), tallColumns(), variance(), gathered(), permuted()));
    cases.addAll(List.of(bytes(), intoBFloat16(), intoColumn(), labels(), correct(), rankZero()));
    return cases;
  }

  private static List<Integer> axes(int bits) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; bits >> axis != 0; axis++) {
      if ((bits >> axis & 1) != 0) {
        axes.add(axis);
      }
    }
    return axes;
  }

  private static Case reduce(String name, Tolerance tolerance, Body body) {
    return Computation.one(name, Verb.REDUCE, tolerance, body::command);
  }

  private interface Body {
    Reduce command(Workspace w);
  }

  private static int[] reduced(Shape shape, List<Integer> axes) {
    return shape.reduced(axes.stream().mapToInt(i -> i).toArray()).dims();
  }

  /** Every combiner at once; argmax where it is defined. */
  private static Case all(int[] dims, List<Integer> axes) {
    Shape shape = Shape.of(dims);
    Shape result = Shape.of(reduced(shape, axes));
    boolean defined = shape.size() > 0 || result.size() == 0;
    int count = defined ? 4 : 3;
    List<Combiner> combiners =
        List.of(Combiner.SUM, Combiner.MAX, Combiner.MIN, Combiner.ARGMAX).subList(0, count);
    Program program = Program.of(List.of(X.mul(0.5).add(1), X, X.abs(), X.neg()).subList(0, count));
    return reduce(
        "every combiner of %s over %s".formatted(Arrays.toString(dims), axes),
        Tolerance.SUM,
        w -> {
          List<Operand> outputs = new ArrayList<>();
          for (Combiner combiner : combiners) {
            DType type = combiner == Combiner.ARGMAX ? DType.I32 : DType.F32;
            outputs.add(w.output(type, result.dims()));
          }
          return new Reduce(shape, program, combiners, axes, List.of(w.normal(dims)), outputs);
        });
  }

  /** Rows of values, each reduced by one combiner. */
  private static Case rows(String name, Combiner combiner, double[]... rows) {
    int columns = rows[0].length;
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    DType type = combiner == Combiner.ARGMAX ? DType.I32 : DType.F32;
    return reduce(
        name,
        Tolerance.SUM,
        w -> {
          Operand x = w.values(DType.F32, flat);
          Operand matrix = x.with(Layout.contiguous(Shape.of(rows.length, columns), 0));
          return one(combiner, X, List.of(1), w.output(type, rows.length, 1), matrix);
        });
  }

  private static Reduce one(
      Combiner combiner, Expr expr, List<Integer> axes, Operand output, Operand... inputs) {
    return new Reduce(
        inputs[0].shape(),
        Program.of(expr),
        List.of(combiner),
        axes,
        List.of(inputs),
        List.of(output));
  }

  private static void special(List<Case> cases) {
    double[] nanFirst = row(40, 0, NAN);
    double[] nanInside = row(40, 21, NAN);
    double[] nanLast = row(40, 39, NAN);
    double[] low = constant(40, -INF);
    double[] high = row(40, 17, INF);
    for (Combiner combiner : List.of(Combiner.MAX, Combiner.MIN, Combiner.SUM)) {
      cases.add(
          rows(combiner + " with NaN", combiner, nanFirst, nanInside, nanLast, constant(40, NAN)));
      cases.add(rows(combiner + " with infinities", combiner, low, high, constant(40, INF)));
    }
    double[] twoNaN = nanInside.clone();
    twoNaN[37] = NAN;
    double[] nanAfterHigh = high.clone();
    nanAfterHigh[33] = NAN;
    cases.add(
        rows(
            "argmax with NaN",
            Combiner.ARGMAX,
            nanFirst,
            nanInside,
            nanLast,
            twoNaN,
            nanAfterHigh));
    cases.add(rows("argmax with infinities", Combiner.ARGMAX, low, high, constant(40, INF)));
    cases.add(
        rows(
            "argmax with ties",
            Combiner.ARGMAX,
            constant(40, 1),
            ties(3, 20),
            ties(17, 18),
            ties(16, 32)));
    cases.add(
        rows("argmax of zeros of both signs", Combiner.ARGMAX, row(40, 0, -0.0), row(40, 5, -0.0)));
  }

  private static double[] constant(int n, double value) {
    double[] row = new double[n];
    Arrays.fill(row, value);
    return row;
  }

  private static double[] row(int n, int at, double value) {
    double[] row = constant(n, 0);
    row[at] = value;
    return row;
  }

  private static double[] ties(int first, int second) {
    double[] row = row(40, first, 5);
    row[second] = 5;
    return row;
  }

  /** One after the other in single precision, these would lose four digits. */
  private static Case million() {
    return reduce(
        "sum of a million",
        new Tolerance(1e-6, 0, 0, 1e-12),
        w -> one(Combiner.SUM, X, List.of(0), w.output(1), w.uniform(0, 1, 1_000_000)));
  }

  private static Case tallColumns() {
    return reduce(
        "sums of tall columns",
        new Tolerance(2e-6, 0, 0, 1e-12),
        w -> one(Combiner.SUM, X, List.of(0), w.output(1, 21), w.uniform(0, 1, 20_000, 21)));
  }

  private static Case variance() {
    return reduce(
        "squares of differences from a row's mean",
        Tolerance.SUM,
        w -> {
          Operand mean = w.normal(9, 1).broadcastTo(Shape.of(9, 207));
          Expr square = X.sub(Expr.input(1)).square();
          return one(Combiner.SUM, square, List.of(1), w.output(9, 1), w.normal(9, 207), mean);
        });
  }

  private static Case gathered() {
    return reduce(
        "reduction of gathered rows",
        Tolerance.SUM,
        w -> {
          Operand rows = w.normal(20, 37).gather(w.integers(DType.I32, 0, 20, 50));
          return one(Combiner.SUM, X, List.of(0), w.output(1, 37), rows);
        });
  }

  private static Case permuted() {
    Layout layout = Layout.contiguous(Shape.of(7, 6, 19), 0).permute(2, 0, 1);
    return reduce(
        "reduction of a permuted array",
        Tolerance.SUM,
        w -> one(Combiner.SUM, X, List.of(1), w.output(19, 1, 6), w.normal(DType.F32, layout)));
  }

  private static Case bytes() {
    return reduce(
        "mean of bytes",
        Tolerance.SUM,
        w ->
            one(
                Combiner.SUM,
                X.mul(1 / 784.0),
                List.of(1),
                w.output(5, 1),
                w.integers(DType.U8, 0, 256, 5, 784)));
  }

  private static Case intoBFloat16() {
    return reduce(
        "maximum stored as BF16",
        Tolerance.ROUNDED,
        w -> one(Combiner.MAX, X, List.of(1), w.output(DType.BF16, 5, 1), w.normal(5, 33)));
  }

  /** The result is a column of a wider matrix. */
  private static Case intoColumn() {
    Layout column = Layout.of(Shape.of(9, 1), new int[] {4, 1}, 2);
    return reduce(
        "result with gaps",
        Tolerance.SUM,
        w -> one(Combiner.SUM, X, List.of(1), w.output(DType.F32, column), w.normal(9, 65)));
  }

  private static Case labels() {
    Expr chosen = Expr.select(Expr.index(1).eq(Expr.intInput(1)), X, Expr.ZERO);
    return reduce(
        "logit of the label",
        Tolerance.ROUNDED,
        w -> {
          Shape shape = Shape.of(50, 10);
          Operand labels = w.integers(DType.U8, 0, 10, 50, 1).broadcastTo(shape);
          return one(Combiner.SUM, chosen, List.of(1), w.output(50, 1), w.normal(50, 10), labels);
        });
  }

  private static Case correct() {
    Expr equal = Expr.intInput(0).eq(Expr.intInput(1));
    return reduce(
        "number of equal integers",
        Tolerance.EXACT,
        w ->
            one(
                Combiner.SUM,
                Expr.select(equal, Expr.ONE, Expr.ZERO),
                List.of(0),
                w.output(1),
                w.integers(DType.I32, 0, 10, 1000),
                w.integers(DType.U8, 0, 10, 1000)));
  }

  private static Case rankZero() {
    return reduce(
        "reduction of rank 0",
        Tolerance.SUM,
        w -> one(Combiner.SUM, X, List.of(), w.output(), w.normal()));
  }
}
