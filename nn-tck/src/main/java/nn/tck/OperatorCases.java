package nn.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Type;

/** Every operation alone, on ordinary and on extraordinary values, and every conversion. */
final class OperatorCases {
  private static final Set<Op> FUNCTIONS = EnumSet.of(Op.EXP, Op.LOG, Op.TANH, Op.SIGMOID);
  private static final Set<Op> COMPARISONS = EnumSet.of(Op.LT, Op.LE, Op.EQ);
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private static final Expr I = Expr.intInput(0);
  private static final Expr J = Expr.intInput(1);

  private static final double[] SPECIAL_REALS = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2.5,
    -2.5,
    1e-3,
    1e10,
    -1e10,
    3e38,
    -3e38,
    Float.MAX_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-40,
    -3e-39,
    80,
    -80,
    110,
    -110,
    1000,
    -1000,
    8388607.5,
    -8388607.5,
    0x1p31,
    -0x1p31,
    2147483520,
    3e9,
    -3e9,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };
  private static final double[] SPECIAL_INTEGERS = {
    0,
    1,
    -1,
    2,
    -2,
    7,
    31,
    32,
    33,
    63,
    255,
    256,
    65535,
    65536,
    65537,
    0x7feb352d,
    -2073523829,
    16777217,
    -16777217,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MIN_VALUE + 1
  };

  private OperatorCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Op op : Op.values()) {
      if (accepts(op, Type.FLOAT)) {
        cases.add(ordinaryReals(op));
        cases.add(specialReals(op));
      }
      if (accepts(op, Type.INT)) {
        cases.add(integers(op));
      }
    }
    cases.add(select());
    cases.add(logic());
    casts(cases);
    return cases;
  }

  private static boolean accepts(Op op, Type type) {
    try {
      return op != Op.SELECT && expression(op, type) != null;
    } catch (IllegalArgumentException notOfThisType) {
      return false;
    }
  }

  /**
   * The operation on one or two inputs; a comparison chooses a number, for truth cannot be stored.
   */
  private static Expr expression(Op op, Type type) {
    Expr first = type == Type.FLOAT ? X : I;
    Expr second = type == Type.FLOAT ? Y : J;
    Expr applied = op.arity() == 1 ? Expr.apply(op, first) : Expr.apply(op, first, second);
    return COMPARISONS.contains(op)
        ? Expr.select(applied, Expr.integer(1), Expr.integer(0))
        : applied;
  }

  private static Tolerance tolerance(Op op) {
    return FUNCTIONS.contains(op) ? Tolerance.FUNCTION : Tolerance.ROUNDED;
  }

  private static DType stored(Expr expr) {
    return expr.type() == Type.FLOAT ? DType.F32 : DType.I32;
  }

  private static Case map(String name, Op op, Expr expr, Inputs inputs) {
    return Computation.one(
        name,
        Verb.ELEMENTWISE,
        tolerance(op),
        w -> {
          Operand[] operands = inputs.of(w);
          int n = operands[0].shape().size();
          return Elementwise.of(expr, w.output(stored(expr), n), operands);
        });
  }

  private interface Inputs {
    Operand[] of(Workspace workspace);
  }

  private static Case ordinaryReals(Op op) {
    double from = op == Op.LOG || op == Op.SQRT ? 1e-6 : -30;
    return map(
        op + " of ordinary reals",
        op,
        expression(op, Type.FLOAT),
        w -> new Operand[] {w.uniform(from, 30, 1207), w.uniform(from, 30, 1207)});
  }

  private static Case specialReals(Op op) {
    return map(
        op + " of special reals",
        op,
        expression(op, Type.FLOAT),
        w -> pairs(w, DType.F32, SPECIAL_REALS, op.arity()));
  }

  private static Case integers(Op op) {
    return map(
        op + " of integers",
        op,
        expression(op, Type.INT),
        w -> pairs(w, DType.I32, SPECIAL_INTEGERS, op.arity()));
  }

  /** Every value, or every value with every value. */
  private static Operand[] pairs(Workspace w, DType type, double[] values, int arity) {
    int n = values.length;
    double[] first = new double[arity == 1 ? n : n * n];
    double[] second = new double[first.length];
    Arrays.setAll(first, i -> values[i % n]);
    Arrays.setAll(second, i -> values[i / n]);
    return new Operand[] {w.values(type, first), w.values(type, second)};
  }

  private static Case select() {
    Expr chosen = Expr.select(X.lt(Y), X.mul(2), Y.add(100));
    return map(
        "SELECT between reals",
        Op.SELECT,
        chosen,
        w -> new Operand[] {w.normal(207), w.normal(207)});
  }

  private static Case logic() {
    Expr less = X.lt(Y);
    Expr positive = X.gt(Expr.ZERO);
    Expr bits = Expr.integer(0);
    List<Expr> truths = List.of(less.and(positive), less.or(positive), less.not(), positive.not());
    for (int i = 0; i < truths.size(); i++) {
      bits = bits.add(Expr.select(truths.get(i), Expr.integer(1 << i), Expr.integer(0)));
    }
    return map("AND, OR and NOT", Op.AND, bits, w -> new Operand[] {w.normal(207), w.normal(207)});
  }

  private static void casts(List<Case> cases) {
    for (DType from : List.of(DType.F32, DType.BF16, DType.I32, DType.U8)) {
      for (DType to : List.of(DType.F32, DType.BF16, DType.I32, DType.U8)) {
        for (int n : List.of(1, 65, 207)) {
          cases.add(cast(from, to, n));
        }
      }
    }
  }

  /** Through a real number, which every type can be read as. */
  private static Case cast(DType from, DType to, int n) {
    boolean real = to.type() == Type.FLOAT;
    Expr expr = real ? X.mul(0.5) : X.mul(0.5).toInt();
    return Computation.one(
        "cast of %d from %s to %s".formatted(n, from, to),
        Verb.ELEMENTWISE,
        Tolerance.ROUNDED,
        w -> {
          int low = from == DType.U8 ? 0 : -700;
          Operand input = w.integers(from, low, 256, n);
          return Elementwise.of(expr, w.output(to, n), input);
        });
  }
}
