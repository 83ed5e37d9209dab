package nn.tck;

import java.util.List;
import java.util.SplittableRandom;
import nn.expr.Expr;
import nn.expr.Op;

/**
 * Random expressions with many ways through a compiler. Integers are exact, so anything goes; reals
 * are kept to smooth operations on values of size 1, for which single and double precision agree.
 */
final class RandomPrograms {
  private static final List<Op> INTEGER =
      List.of(
          Op.ADD,
          Op.SUB,
          Op.MUL,
          Op.MIN,
          Op.MAX,
          Op.NEG,
          Op.BIT_AND,
          Op.BIT_XOR,
          Op.SHL,
          Op.USHR,
          Op.SELECT);
  private static final List<Op> REAL =
      List.of(
          Op.ADD,
          Op.SUB,
          Op.MUL,
          Op.DIV,
          Op.MIN,
          Op.MAX,
          Op.NEG,
          Op.ABS,
          Op.SQRT,
          Op.EXP,
          Op.LOG,
          Op.TANH,
          Op.SIGMOID,
          Op.SELECT);
  private static final List<Op> COMPARISON = List.of(Op.LT, Op.LE, Op.EQ);

  private final SplittableRandom random;

  RandomPrograms(SplittableRandom random) {
    this.random = random;
  }

  private Op any(List<Op> ops) {
    return ops.get(random.nextInt(ops.size()));
  }

  /** An integer expression of two integer inputs. */
  Expr integer(int depth) {
    if (depth == 0) {
      return integerLeaf();
    }
    Op op = any(INTEGER);
    return switch (op.arity()) {
      case 1 -> Expr.apply(op, integer(depth - 1));
      case 2 -> Expr.apply(op, integer(depth - 1), integer(depth - 1));
      default -> Expr.select(truth(depth - 1), integer(depth - 1), integer(depth - 1));
    };
  }

  private Expr integerLeaf() {
    return switch (random.nextInt(5)) {
      case 0 -> Expr.intInput(0);
      case 1 -> Expr.intInput(1);
      case 2 -> Expr.index(random.nextInt(2));
      case 3 -> Expr.position();
      default -> Expr.integer(random.nextInt());
    };
  }

  private Expr truth(int depth) {
    Expr compared = Expr.apply(any(COMPARISON), integer(depth), integer(depth));
    return switch (random.nextInt(4)) {
      case 0 -> compared.not();
      case 1 -> compared.and(Expr.index(1).lt(Expr.integer(40)));
      case 2 -> compared.or(Expr.intInput(0).lt(Expr.intInput(1)));
      default -> compared;
    };
  }

  /** A real expression of two inputs between -1 and 1, itself of about that size. */
  Expr real(int depth) {
    if (depth == 0) {
      return realLeaf();
    }
    Op op = any(REAL);
    Expr a = real(depth - 1);
    return switch (op) {
      case NEG, ABS, TANH, SIGMOID -> Expr.apply(op, a);
      case EXP -> a.abs().neg().exp();
      case SQRT, LOG -> Expr.apply(op, a.abs().add(1));
      case DIV -> a.div(real(depth - 1).square().add(1));
      case SELECT -> {
        Expr early = Expr.index(1).lt(Expr.integer(random.nextInt(67)));
        yield Expr.select(early, a, real(depth - 1));
      }
      case ADD, SUB -> Expr.apply(op, a, real(depth - 1)).mul(0.5);
      default -> Expr.apply(op, a, real(depth - 1));
    };
  }

  private Expr realLeaf() {
    return switch (random.nextInt(4)) {
      case 0 -> Expr.input(0);
      case 1 -> Expr.input(1);
      case 2 -> Expr.index(1).toFloat().mul(0.01);
      default -> Expr.constant(random.nextDouble(-1, 1));
    };
  }
}
