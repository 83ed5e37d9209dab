package nn.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;

/**
 * Elementwise over every kind of layout: broadcast, permuted, with gaps, backwards, gathered, moved
 * by cursors.
 */
final class LayoutCases {
  private static final Expr SUM = Expr.input(0).mul(2).add(Expr.input(1));
  private static final int[][] SHAPES = {{17}, {5, 19}, {3, 4, 17}, {2, 3, 5, 18}};

  private LayoutCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int[] dims : SHAPES) {
      for (int axes = 0; axes < 1 << dims.length; axes++) {
        cases.add(broadcast(dims, axes));
      }
    }
    cases.add(newAxes());
    permutations(cases);
    cases.addAll(List.of(columns(), everyOther(), backwards(), rankZero(), unitAxes()));
    gathers(cases);
    return cases;
  }

  private static Case map(String name, Body body) {
    return Computation.one(name, Verb.ELEMENTWISE, Tolerance.COMPOSED, body::command);
  }

  private interface Body {
    Elementwise command(Workspace w);
  }

  /** One operand is broadcast along the axes whose bits are set, the other along the other axes. */
  private static Case broadcast(int[] dims, int axes) {
    return map(
        "broadcast of %s along axes %s".formatted(Arrays.toString(dims), bits(axes)),
        w -> {
          Operand one = w.normal(with(dims, axes));
          Operand other = w.normal(with(dims, ~axes));
          return Elementwise.of(SUM, w.output(dims), one, other);
        });
  }

  private static String bits(int axes) {
    return "0b" + Integer.toBinaryString(axes);
  }

  private static int[] with(int[] dims, int ones) {
    int[] changed = dims.clone();
    for (int i = 0; i < dims.length; i++) {
      changed[i] = (ones >> i & 1) != 0 ? 1 : dims[i];
    }
    return changed;
  }

  private static Case newAxes() {
    return map(
        "broadcast to new axes",
        w -> Elementwise.of(SUM, w.output(3, 4, 33), w.normal(33), w.normal(4, 1)));
  }

  private static void permutations(List<Case> cases) {
    int[] dims = {5, 3, 18};
    int[][] orders = {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      Layout layout = Layout.contiguous(Shape.of(dims), 2).permute(order);
      int[] permuted = layout.shape().dims();
      String name = Arrays.toString(order);
      cases.add(
          map(
              "input permuted " + name,
              w ->
                  Elementwise.of(
                      SUM, w.output(permuted), w.normal(DType.F32, layout), w.normal(permuted))));
      cases.add(
          map(
              "output permuted " + name,
              w ->
                  Elementwise.of(
                      SUM, w.output(DType.F32, layout), w.normal(permuted), w.normal(permuted))));
    }
  }

  /** Some columns of a wider matrix, in and out. */
  private static Case columns() {
    Layout wide = Layout.contiguous(Shape.of(7, 40), 0);
    return map(
        "columns of a matrix",
        w ->
            Elementwise.of(
                SUM,
                w.output(DType.F32, wide.slice(1, 5, 26)),
                w.normal(DType.F32, wide.slice(1, 3, 24)),
                w.normal(DType.F32, wide.slice(1, 19, 40))));
  }

  private static Case everyOther() {
    Layout gaps = Layout.of(Shape.of(3, 67), new int[] {200, 2}, 1);
    return map(
        "every other element",
        w ->
            Elementwise.of(
                SUM,
                w.output(DType.F32, gaps),
                w.normal(DType.F32, Layout.of(Shape.of(3, 67), new int[] {1, 3}, 0)),
                w.normal(DType.F32, gaps)));
  }

  private static Case backwards() {
    Layout reversed = Layout.of(Shape.of(4, 50), new int[] {-50, -1}, 199);
    return map(
        "backwards",
        w -> Elementwise.of(SUM, w.output(4, 50), w.normal(DType.F32, reversed), w.normal(4, 50)));
  }

  private static Case rankZero() {
    return map("rank 0", w -> Elementwise.of(SUM, w.output(), w.normal(), w.normal()));
  }

  private static Case unitAxes() {
    return map(
        "axes of extent 1",
        w ->
            Elementwise.of(
                SUM, w.output(1, 33, 1, 2), w.normal(1, 33, 1, 2), w.normal(1, 1, 1, 1)));
  }

  private static void gathers(List<Case> cases) {
    for (int n : Sizes.upTo(207)) {
      cases.add(pixels(n, 33));
    }
    cases.add(pixels(64, 784));
    cases.add(map("gather of single elements", LayoutCases::gatherElements));
    cases.add(map("gather of matrices", LayoutCases::gatherMatrices));
    cases.add(map("gather of columns broadcast", LayoutCases::gatherBroadcast));
    cases.add(map("gather by every other index", LayoutCases::gatherByStridedIndices));
    cases.add(map("gather by indices that a cursor moves", LayoutCases::gatherMoved));
    cases.add(map("input and output moved by a cursor", LayoutCases::moved));
    cases.add(
        Computation.one(
            "integers gathered",
            Verb.ELEMENTWISE,
            Tolerance.EXACT,
            w ->
                Elementwise.of(
                    Expr.intInput(0),
                    w.output(DType.I32, 77),
                    w.anyIntegers(300).gather(w.integers(DType.I32, 0, 300, 77)))));
  }

  /** A batch of bytes scaled to the unit interval, as a data set is read. */
  private static Case pixels(int rows, int columns) {
    return map(
        "gather of %d rows of %d bytes".formatted(rows, columns),
        w -> {
          Operand data = w.integers(DType.U8, 0, 256, 50, columns);
          Operand batch = data.gather(w.integers(DType.I32, 0, 50, rows));
          return Elementwise.of(Expr.input(0).mul(1 / 255.0), w.output(rows, columns), batch);
        });
  }

  private static Elementwise gatherElements(Workspace w) {
    Operand table = w.normal(100);
    Operand chosen = table.gather(w.integers(DType.I32, 0, 100, 77));
    return Elementwise.of(SUM, w.output(77), chosen, w.normal(77));
  }

  private static Elementwise gatherMatrices(Workspace w) {
    Operand chosen = w.normal(6, 3, 17).gather(w.integers(DType.I32, 0, 6, 9));
    return Elementwise.of(SUM, w.output(9, 3, 17), w.normal(9, 1, 17), chosen);
  }

  private static Elementwise gatherBroadcast(Workspace w) {
    Operand chosen = w.normal(30, 1).gather(w.integers(DType.I32, 0, 30, 12));
    return Elementwise.of(SUM, w.output(12, 35), chosen, w.normal(12, 35));
  }

  private static Elementwise gatherByStridedIndices(Workspace w) {
    Operand indices = w.integers(DType.I32, 0, 20, 40);
    Operand half = indices.with(Layout.of(Shape.of(20), new int[] {2}, 1));
    return Elementwise.of(SUM, w.output(20, 18), w.normal(20, 18).gather(half), w.normal(18));
  }

  private static Elementwise gatherMoved(Workspace w) {
    Operand order = w.integers(DType.I32, 0, 20, 60);
    Operand batch = order.with(Layout.contiguous(Shape.of(10), 2)).movedBy(w.cursor(4, 12));
    return Elementwise.of(SUM, w.output(10, 18), w.normal(20, 18).gather(batch), w.normal(18));
  }

  private static Elementwise moved(Workspace w) {
    Operand scalars = w.normal(9);
    Operand one = scalars.with(Layout.contiguous(Shape.of(1), 1)).movedBy(w.cursor(3, 2));
    Operand out = w.output(5 * 33);
    Operand part = out.with(Layout.contiguous(Shape.of(33), 3)).movedBy(w.cursor(4, 33));
    return Elementwise.of(SUM, part, w.normal(33), one);
  }
}
