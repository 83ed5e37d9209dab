package nn.expr;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An expression over one element of an iteration space. Immutable; equal when built alike. The
 * methods that build one simplify as they go, treating the literal 0 as absorbing in products
 * ({@code x * 0} is 0 also where x is not finite).
 */
public sealed interface Expr {

  /** The real number 0. */
  Expr ZERO = constant(0);

  /** The real number 1. */
  Expr ONE = constant(1);

  /** The type of the value. */
  Type type();

  /** The value of an operand at the element. */
  record Input(int index, Type type) implements Expr {
    public Input {
      if (index < 0 || type == Type.BOOL) {
        throw new IllegalArgumentException("no input " + index + " of type " + type);
      }
    }
  }

  /** A literal. Integers are kept as doubles of the same value. */
  record Constant(double value, Type type) implements Expr {
    public Constant {
      if (type == Type.BOOL && value != 0 && value != 1
          || type == Type.INT && value != (int) value) {
        throw new IllegalArgumentException(value + " is no constant of type " + type);
      }
    }
  }

  /** The element's own coordinate along an axis of the iteration space. */
  record Index(int axis) implements Expr {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** The element's own row-major position in the iteration space. */
  record Position() implements Expr {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /**
   * An operation on other expressions. The hash is kept, so that shared parts are not walked again.
   */
  final class Apply implements Expr {
    private static final int LONGEST_TEXT = 400;

    private final Op op;
    private final List<Expr> arguments;
    private final Type type;
    private final int hash;

    Apply(Op op, List<Expr> arguments) {
      this.op = op;
      this.arguments = List.copyOf(arguments);
      this.type = op.resultType(arguments.stream().map(Expr::type).toList());
      this.hash = 31 * op.name().hashCode() + this.arguments.hashCode();
    }

    public Op op() {
      return op;
    }

    public List<Expr> arguments() {
      return arguments;
    }

    @Override
    public Type type() {
      return type;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || other instanceof Apply that && hash == that.hash && Program.same(this, that);
    }

    /**
     * As nested calls; cut off where it gets long, since a few shared parts can make it endless.
     */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      appendTo(text);
      return text.toString();
    }

    private void appendTo(StringBuilder text) {
      text.append(op).append('(');
      for (int i = 0; i < arguments.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        if (text.length() > LONGEST_TEXT) {
          text.append("...");
        } else if (arguments.get(i) instanceof Apply apply) {
          apply.appendTo(text);
        } else {
          text.append(arguments.get(i));
        }
      }
      text.append(')');
    }
  }

  /** The operand with the given number, read as a real number. */
  static Expr input(int index) {
    return new Input(index, Type.FLOAT);
  }

  /** The operand with the given number, read as an integer. */
  static Expr intInput(int index) {
    return new Input(index, Type.INT);
  }

  /** A real constant. */
  static Expr constant(double value) {
    return new Constant(value, Type.FLOAT);
  }

  /** An integer constant. */
  static Expr integer(int value) {
    return new Constant(value, Type.INT);
  }

  /** The element's own coordinate along an axis. */
  static Expr index(int axis) {
    return new Index(axis);
  }

  /** The element's own row-major position in the iteration space. */
  static Expr position() {
    return new Position();
  }

  /**
   * An operation on expressions, simplified.
   *
   * @throws IllegalArgumentException if the operation does not take arguments of these types
   */
  static Expr apply(Op op, Expr... arguments) {
    return Simplifier.simplify(new Apply(op, List.of(arguments)));
  }

  /** {@code whenTrue} where the condition holds, else {@code whenFalse}. */
  static Expr select(Expr condition, Expr whenTrue, Expr whenFalse) {
    return apply(Op.SELECT, condition, whenTrue, whenFalse);
  }

  default Expr add(Expr that) {
    return apply(Op.ADD, this, that);
  }

  default Expr add(double that) {
    return add(constant(that));
  }

  default Expr sub(Expr that) {
    return apply(Op.SUB, this, that);
  }

  default Expr sub(double that) {
    return sub(constant(that));
  }

  default Expr mul(Expr that) {
    return apply(Op.MUL, this, that);
  }

  default Expr mul(double that) {
    return mul(constant(that));
  }

  default Expr div(Expr that) {
    return apply(Op.DIV, this, that);
  }

  default Expr div(double that) {
    return div(constant(that));
  }

  default Expr min(Expr that) {
    return apply(Op.MIN, this, that);
  }

  default Expr max(Expr that) {
    return apply(Op.MAX, this, that);
  }

  default Expr neg() {
    return apply(Op.NEG, this);
  }

  default Expr abs() {
    return apply(Op.ABS, this);
  }

  default Expr square() {
    return mul(this);
  }

  default Expr sqrt() {
    return apply(Op.SQRT, this);
  }

  default Expr exp() {
    return apply(Op.EXP, this);
  }

  default Expr log() {
    return apply(Op.LOG, this);
  }

  default Expr tanh() {
    return apply(Op.TANH, this);
  }

  default Expr sigmoid() {
    return apply(Op.SIGMOID, this);
  }

  default Expr floor() {
    return apply(Op.FLOOR, this);
  }

  default Expr lt(Expr that) {
    return apply(Op.LT, this, that);
  }

  default Expr le(Expr that) {
    return apply(Op.LE, this, that);
  }

  default Expr gt(Expr that) {
    return that.lt(this);
  }

  default Expr ge(Expr that) {
    return that.le(this);
  }

  default Expr eq(Expr that) {
    return apply(Op.EQ, this, that);
  }

  default Expr and(Expr that) {
    return apply(Op.AND, this, that);
  }

  default Expr or(Expr that) {
    return apply(Op.OR, this, that);
  }

  default Expr not() {
    return apply(Op.NOT, this);
  }

  default Expr toFloat() {
    return apply(Op.TO_FLOAT, this);
  }

  default Expr toInt() {
    return apply(Op.TO_INT, this);
  }

  /**
   * The derivative with respect to an input, as an expression. Zero through comparisons and
   * integers; at a tie of min or max with a constant zero, else that of the first argument.
   *
   * @throws IllegalArgumentException if this is not a real number
   */
  default Expr derivative(Expr input) {
    return new Derivative(input).of(this);
  }

  /**
   * This expression with every part for which the function gives another expression replaced by
   * that.
   */
  default Expr replace(Function<Expr, @Nullable Expr> replacement) {
    return new Replacer(replacement).of(this);
  }
}
