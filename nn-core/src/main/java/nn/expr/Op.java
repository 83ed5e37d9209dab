package nn.expr;

import java.util.List;

/**
 * The operations of expressions. Each has one meaning on every backend; floating-point results may
 * differ in the last bits from backend to backend, integer results never do.
 */
public enum Op {
  /** Sum; integers wrap around. */
  ADD(2),
  /** Difference; integers wrap around. */
  SUB(2),
  /** Product; integers wrap around. */
  MUL(2),
  /** Quotient of real numbers. */
  DIV(2),
  /** The smaller value; NaN if either is NaN. */
  MIN(2),
  /** The larger value; NaN if either is NaN. */
  MAX(2),
  /** Negation. */
  NEG(1),
  /** Absolute value of a real number. */
  ABS(1),
  /** Square root. */
  SQRT(1),
  /** The exponential function. */
  EXP(1),
  /** The natural logarithm; -infinity at zero, NaN below. */
  LOG(1),
  /** The hyperbolic tangent. */
  TANH(1),
  /** The logistic function 1 / (1 + exp(-x)). */
  SIGMOID(1),
  /** The largest integral value that is not larger. */
  FLOOR(1),
  /** Whether the first is less than the second; false if either is NaN. */
  LT(2),
  /** Whether the first is at most the second; false if either is NaN. */
  LE(2),
  /** Whether both are equal; false if either is NaN. */
  EQ(2),
  /** Logical conjunction. */
  AND(2),
  /** Logical disjunction. */
  OR(2),
  /** Logical negation. */
  NOT(1),
  /** The second argument where the first holds, else the third. */
  SELECT(3),
  /** Bitwise conjunction of integers. */
  BIT_AND(2),
  /** Bitwise exclusive disjunction of integers. */
  BIT_XOR(2),
  /** Shift to the left; the distance is taken modulo 32. */
  SHL(2),
  /** Shift to the right filling with zeros; the distance is taken modulo 32. */
  USHR(2),
  /** The integer as a real number, rounded to the precision at hand. */
  TO_FLOAT(1),
  /** The real number as an integer, rounded toward zero; saturating, and 0 for NaN. */
  TO_INT(1);

  private final int arity;

  Op(int arity) {
    this.arity = arity;
  }

  /** The number of arguments. */
  public int arity() {
    return arity;
  }

  /**
   * The type of the result for arguments of the given types.
   *
   * @throws IllegalArgumentException if this operation does not take such arguments
   */
  public Type resultType(List<Type> arguments) {
    if (arguments.size() != arity || !accepts(arguments)) {
      throw new IllegalArgumentException(this + " does not take arguments of type " + arguments);
    }
    return switch (this) {
      case LT, LE, EQ -> Type.BOOL;
      case SELECT -> arguments.get(1);
      case TO_FLOAT -> Type.FLOAT;
      case TO_INT -> Type.INT;
      default -> arguments.getFirst();
    };
  }

  private boolean accepts(List<Type> arguments) {
    Type first = arguments.getFirst();
    return switch (this) {
      case ADD, SUB, MUL, MIN, MAX, LT, LE, EQ -> first != Type.BOOL && arguments.get(1) == first;
      case NEG -> first != Type.BOOL;
      case DIV -> first == Type.FLOAT && arguments.get(1) == first;
      case ABS, SQRT, EXP, LOG, TANH, SIGMOID, FLOOR, TO_INT -> first == Type.FLOAT;
      case AND, OR -> first == Type.BOOL && arguments.get(1) == first;
      case NOT -> first == Type.BOOL;
      case SELECT ->
          first == Type.BOOL
              && arguments.get(1) != Type.BOOL
              && arguments.get(1) == arguments.get(2);
      case BIT_AND, BIT_XOR, SHL, USHR -> first == Type.INT && arguments.get(1) == first;
      case TO_FLOAT -> first == Type.INT;
    };
  }

  /**
   * Computes this operation in double precision: the definition that every backend is held to.
   * Integers are passed as doubles of the same value, truth as 1 and 0; unused arguments are
   * ignored.
   *
   * @param type the type of the first argument
   */
  public double evaluate(Type type, double a, double b, double c) {
    return type == Type.INT ? onIntegers((int) a, (int) b) : onReals(a, b, c);
  }

  private double onReals(double a, double b, double c) {
    return switch (this) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case SQRT -> Math.sqrt(a);
      case EXP -> Math.exp(a);
      case LOG -> Math.log(a);
      case TANH -> Math.tanh(a);
      case SIGMOID -> 1 / (1 + Math.exp(-a));
      case FLOOR -> Math.floor(a);
      case LT -> truth(a < b);
      case LE -> truth(a <= b);
      case EQ -> truth(a == b);
      case AND -> a * b;
      case OR -> Math.max(a, b);
      case NOT -> 1 - a;
      case SELECT -> a != 0 ? b : c;
      case TO_INT -> (int) a;
      default -> throw new IllegalArgumentException(this + " is not defined on real numbers");
    };
  }

  private double onIntegers(int a, int b) {
    return switch (this) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case NEG -> -a;
      case LT -> truth(a < b);
      case LE -> truth(a <= b);
      case EQ -> truth(a == b);
      case BIT_AND -> a & b;
      case BIT_XOR -> a ^ b;
      case SHL -> a << b;
      case USHR -> a >>> b;
      case TO_FLOAT -> a;
      default -> throw new IllegalArgumentException(this + " is not defined on integers");
    };
  }

  private static double truth(boolean holds) {
    return holds ? 1 : 0;
  }
}
