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

/** What is done with a product before it is stored. */
final class EpilogueCases {
  private static final Expr AB = Expr.input(0);
  private static final Expr E1 = Expr.input(1);
  private static final Expr E2 = Expr.input(2);
  private static final int[][] SIZES = {{5, 3, 4}, {33, 47, 19}, {70, 10, 33}, {14, 66, 300}};

  private EpilogueCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int[] size : SIZES) {
      cases.addAll(sized(size[0], size[1], size[2]));
    }
    return cases;
  }

  private static List<Case> sized(int m, int n, int k) {
    Expr cubic = AB.add(AB.square().mul(AB).mul(0.044715)).mul(0.7978845608);
    Expr place = Expr.index(0).mul(Expr.integer(n)).add(Expr.index(1)).sub(Expr.position());
    return List.of(
        activation("sigmoid", AB.sigmoid(), m, n, k),
        activation("tanh", AB.tanh(), m, n, k),
        activation("gelu", AB.mul(0.5).mul(cubic.tanh().add(1)), m, n, k),
        activation("coordinates", AB.add(place.add(Expr.index(1)).toFloat()), m, n, k),
        biasAndRelu(m, n, k),
        manyOutputs(m, n, k),
        accumulate(m, n, k),
        extras(m, n, k),
        permutedExtra(m, n, k),
        backward(m, n, k));
  }

  private static Case named(String name, int m, int n, int k, GemmCases.Body body) {
    return GemmCases.gemm(
        "%d x %d x %d with %s".formatted(m, n, k, name), Tolerance.COMPOSED, body);
  }

  private static Case activation(String name, Expr expr, int m, int n, int k) {
    return named(
        name,
        m,
        n,
        k,
        w ->
            new Gemm(
                w.uniform(-0.5, 0.5, m, k),
                w.uniform(-0.5, 0.5, k, n),
                Program.of(expr),
                List.of(),
                List.of(w.output(m, n))));
  }

  /** Integers, so that no rounding decides whether an element is positive. */
  private static Case biasAndRelu(int m, int n, int k) {
    Expr z = AB.add(E1);
    Program program =
        Program.of(
            z.max(Expr.ZERO), Expr.select(z.gt(Expr.ZERO), Expr.integer(1), Expr.integer(0)));
    return named(
        "bias, relu and its mask",
        m,
        n,
        k,
        w ->
            new Gemm(
                w.integers(DType.F32, -4, 5, m, k),
                w.integers(DType.F32, -4, 5, k, n),
                program,
                List.of(w.integers(DType.F32, -4, 5, n).broadcastTo(Shape.of(m, n))),
                List.of(w.output(m, n), w.output(DType.U8, m, n))));
  }

  private static Case manyOutputs(int m, int n, int k) {
    Program program = Program.of(AB, AB.sigmoid(), AB.abs().neg());
    return named(
        "three outputs of different layouts",
        m,
        n,
        k,
        w ->
            new Gemm(
                w.normal(m, k),
                w.normal(k, n),
                program,
                List.of(),
                List.of(
                    w.output(m, n),
                    w.output(DType.F32, Layout.contiguous(Shape.of(n, m), 1).transpose()),
                    w.output(DType.F32, Layout.of(Shape.of(m, n), new int[] {2 * n + 1, 2}, 0)))));
  }

  private static Case accumulate(int m, int n, int k) {
    return named(
        "alpha and beta",
        m,
        n,
        k,
        w -> Gemm.of(0.5, w.normal(m, k), w.normal(k, n), -2, w.normal(m, n)));
  }

  /** A whole matrix, a row, a column and a scalar. */
  private static Case extras(int m, int n, int k) {
    Shape shape = Shape.of(m, n);
    Expr sum = AB.mul(Expr.input(4)).add(E1).add(E2.mul(2)).sub(Expr.input(3));
    return named(
        "a matrix, a row, a column and a scalar",
        m,
        n,
        k,
        w ->
            new Gemm(
                w.normal(m, k),
                w.normal(k, n),
                Program.of(sum),
                List.of(
                    w.normal(m, n),
                    w.normal(1, n).broadcastTo(shape),
                    w.normal(m, 1).broadcastTo(shape),
                    w.normal().broadcastTo(shape)),
                List.of(w.output(m, n))));
  }

  private static Case permutedExtra(int m, int n, int k) {
    return named(
        "a transposed matrix and bytes",
        m,
        n,
        k,
        w -> {
          Operand transposed = w.normal(n, m);
          return new Gemm(
              w.normal(m, k),
              w.normal(k, n),
              Program.of(AB.add(E1).mul(E2)),
              List.of(
                  transposed.with(transposed.layout().transpose()),
                  w.integers(DType.U8, 0, 2, m, n)),
              List.of(w.output(m, n)));
        });
  }

  /** The gradient passes where the activation was positive; written over that activation. */
  private static Case backward(int m, int n, int k) {
    return named(
        "the derivative of relu in place",
        m,
        n,
        k,
        w -> {
          Operand activation = w.normal(m, n);
          Program masked = Program.of(Expr.select(E1.gt(Expr.ZERO), AB, Expr.ZERO));
          Operand b = w.normal(n, k);
          return new Gemm(
              w.normal(m, k),
              b.with(b.layout().transpose()),
              masked,
              List.of(activation),
              List.of(activation));
        });
  }
}
