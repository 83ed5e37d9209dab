package nn.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Random expressions of every operation and type, with many of the constants that simplify. */
final class RandomMirrors {
  /** Inputs 0 and 1 are real, 2 and 3 integers. */
  static final int INPUTS = 4;

  private static final double[] REALS = {0, 1, -1, 2, 0.5, -3};
  private static final int[] INTEGERS = {0, 1, -1, 2, 5, 31, Integer.MAX_VALUE};

  private static final Map<Type, List<Signature>> SIGNATURES =
      Signature.all().collect(Collectors.groupingBy(s -> s.op().resultType(s.arguments())));

  private final SplittableRandom random;

  RandomMirrors(long seed) {
    random = new SplittableRandom(seed);
  }

  double[] inputs() {
    return new double[] {
      random.nextDouble(-2, 2), random.nextDouble(-2, 2), random.nextInt(), random.nextInt(-40, 40)
    };
  }

  Mirror expression(Type type, int depth) {
    if (depth == 0 || random.nextInt(8) == 0 && type != Type.BOOL) {
      return leaf(type);
    }
    Signature chosen = any(SIGNATURES.getOrDefault(type, List.of()));
    Mirror[] arguments =
        chosen.arguments().stream().map(t -> expression(t, depth - 1)).toArray(Mirror[]::new);
    boolean twice = arguments.length > 1 && random.nextInt(6) == 0;
    if (twice && chosen.arguments().getLast() == chosen.arguments().get(arguments.length - 2)) {
      arguments[arguments.length - 1] = arguments[arguments.length - 2];
    }
    return Mirror.apply(chosen.op(), arguments);
  }

  private Mirror leaf(Type type) {
    boolean constant = random.nextInt(3) == 0;
    int which = random.nextInt(2);
    Expr leaf =
        switch (type) {
          case FLOAT -> constant ? Expr.constant(REALS[random.nextInt(6)]) : Expr.input(which);
          case INT -> constant ? Expr.integer(INTEGERS[random.nextInt(7)]) : integer(which);
          case BOOL -> new Expr.Constant(which, Type.BOOL);
        };
    return Mirror.leaf(leaf);
  }

  private Expr integer(int which) {
    return switch (random.nextInt(4)) {
      case 0 -> Expr.index(which);
      case 1 -> Expr.position();
      default -> Expr.intInput(2 + which);
    };
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** An operation with the types of its arguments. */
  record Signature(Op op, List<Type> arguments) {

    /** All that there are. */
    static Stream<Signature> all() {
      List<Signature> all = new ArrayList<>();
      for (Op op : Op.values()) {
        for (Type first : Type.values()) {
          for (Type others : Type.values()) {
            all.add(new Signature(op, types(op, first, others)));
          }
        }
      }
      return all.stream().distinct().filter(Signature::exists);
    }

    private static List<Type> types(Op op, Type first, Type others) {
      return switch (op.arity()) {
        case 1 -> List.of(first);
        case 2 -> List.of(first, others);
        default -> List.of(first, others, others);
      };
    }

    private boolean exists() {
      try {
        op.resultType(arguments);
        return true;
      } catch (IllegalArgumentException notTaken) {
        return false;
      }
    }
  }
}
