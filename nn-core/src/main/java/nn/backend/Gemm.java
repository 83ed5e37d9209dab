package nn.backend;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nn.expr.Expr;
import nn.expr.Program;
import nn.expr.Type;

/**
 * A matrix product with an epilogue: for each element of A B, an expression of it and of further
 * operands is stored.
 *
 * <p>The rows and the terms of A may run over several axes each, as those of the windows that slide
 * over images do: a convolution is the product of such a view and its weights.
 *
 * <p>BLAS's {@code alpha A B + beta C} is the epilogue {@code alpha * in(0) + beta * in(1)}; a bias
 * and an activation are others. Transposition is in the strides of {@code a} and {@code b}.
 *
 * @param a [m, k], or [m..., k...]: as many of the last axes as make k terms, and the others make m
 *     rows, both in row-major order
 * @param b [k, n]
 * @param epilogue input 0 is the element of the product, input i the element of {@code extras[i -
 *     1]}
 * @param extras of shape [m, n], perhaps broadcast
 * @param outputs of shape [m, n], one for each expression of the epilogue; may alias an extra of
 *     the same layout, not a or b
 */
public record Gemm(
    Operand a, Operand b, Program epilogue, List<Operand> extras, List<Operand> outputs)
    implements Command {

  /** The epilogue that stores the product as it is. */
  public static final Program IDENTITY = Program.of(Expr.input(0));

  public Gemm {
    extras = List.copyOf(extras);
    outputs = List.copyOf(outputs);
    boolean agree = b.shape().rank() == 2 && rowAxes(a.shape(), b.shape().dim(0)) > 0;
    Checks.require(agree, "cannot multiply %s by %s", a.shape(), b.shape());
    Checks.plain("a factor of gemm", a);
    Checks.plain("a factor of gemm", b);
    boolean real = a.type().type() == Type.FLOAT && b.type().type() == Type.FLOAT;
    Checks.require(real, "gemm multiplies real numbers, not %s by %s", a.type(), b.type());
    Checks.require(
        outputs.size() == epilogue.outputs().size(),
        "%s outputs for %s expressions",
        outputs.size(),
        epilogue.outputs().size());
    Checks.loads(epilogue, extras, 1);
    Shape shape = Shape.of(rows(a.shape(), b.shape().dim(0)), b.shape().dim(1));
    Checks.axes(epilogue, shape);
    for (Operand extra : extras) {
      Checks.shape("an extra of gemm", extra, shape);
      Checks.plain("an extra of gemm", extra);
    }
    for (int i = 0; i < outputs.size(); i++) {
      Checks.shape("output " + i + " of gemm", outputs.get(i), shape);
      Checks.writable(outputs.get(i));
      Checks.stored(epilogue, i, outputs.get(i));
    }
  }

  /** C = A B. */
  public static Gemm of(Operand a, Operand b, Operand c) {
    return new Gemm(a, b, IDENTITY, List.of(), List.of(c));
  }

  /** C = alpha A B + beta C; with beta 0, C is not read. */
  public static Gemm of(double alpha, Operand a, Operand b, double beta, Operand c) {
    Expr sum = Expr.input(0).mul(alpha).add(Expr.input(1).mul(beta));
    return new Gemm(a, b, Program.of(sum), beta == 0 ? List.of() : List.of(c), List.of(c));
  }

  /** How many axes of A, from the first, count its rows; 0 if its terms are not so many. */
  private static int rowAxes(Shape a, int terms) {
    long product = 1;
    for (int axis = a.rank() - 1; axis > 0; axis--) {
      product *= a.dim(axis);
      if (product == terms) {
        return axis;
      }
    }
    return 0;
  }

  private static int rows(Shape a, int terms) {
    return Shape.of(Arrays.copyOf(a.dims(), rowAxes(a, terms))).size();
  }

  /** How many axes of A, from the first, count its rows. */
  public int rowAxes() {
    return rowAxes(a.shape(), k());
  }

  /** Whether A is a matrix, rather than a view whose rows or terms run over several axes. */
  public boolean isPlain() {
    return a.shape().rank() == 2;
  }

  /**
   * The same product of a copy of A, for backends that multiply plain matrices only.
   *
   * @param copy of A, without gaps and in row-major order
   */
  public Gemm unfolded(Operand copy) {
    Layout matrix = Layout.contiguous(Shape.of(m(), k()), copy.layout().offset());
    return new Gemm(copy.with(matrix), b, epilogue, extras, outputs);
  }

  public int m() {
    return rows(a.shape(), k());
  }

  public int n() {
    return b.shape().dim(1);
  }

  public int k() {
    return b.shape().dim(0);
  }

  /** [m, n]. */
  public Shape shape() {
    return Shape.of(m(), n());
  }

  @Override
  public List<Operand> inputs() {
    return Stream.concat(Stream.of(a, b), extras.stream()).toList();
  }
}
