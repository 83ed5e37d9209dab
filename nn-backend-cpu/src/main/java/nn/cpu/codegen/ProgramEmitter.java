package nn.cpu.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Emits a program's steps as vector code. Where its inputs, indices and position come from is for
 * the caller to say, and how often each of them changes: a step is emitted when {@link #emit} is
 * called with the highest rate among the leaves that it depends on.
 *
 * <p>A kernel calls {@code emit} for each rate where the loops begin that this rate belongs to. The
 * same rate may be emitted again, for a tail or another vector of a tile; the outputs are then
 * those of the last time.
 */
public final class ProgramEmitter {

  /** The values that a program starts from. */
  public interface Leaves {
    /** How often an input, index or position changes; 0 is the rate of constants. */
    int rate(Expr leaf);

    /** Emits code that makes the leaf's vector, of the leaf's type. */
    Vec value(Expr leaf);
  }

  private final VectorCode code;
  private final VectorMath math;
  private final Program program;
  private final Leaves leaves;
  private final int[] rates;
  private final List<@Nullable Vec> values;

  /** An emitter for one method. */
  public ProgramEmitter(VectorCode code, Program program, Leaves leaves) {
    this.code = code;
    this.math = new VectorMath(code);
    this.program = program;
    this.leaves = leaves;
    this.rates = new int[program.steps().size()];
    this.values = new ArrayList<>();
    for (int i = 0; i < rates.length; i++) {
      rates[i] = rateOf(program.steps().get(i));
      values.add(null);
    }
  }

  private int rateOf(Program.Step step) {
    return switch (step) {
      case Program.Leaf(Expr.Constant constant) -> 0;
      case Program.Leaf(Expr leaf) -> leaves.rate(leaf);
      case Program.Operation operation ->
          operation.arguments().stream().mapToInt(i -> rates[i]).max().orElse(0);
    };
  }

  /** Emits the steps of one rate; those of lower rates must have been emitted. */
  public void emit(int rate) {
    for (int i = 0; i < rates.length; i++) {
      if (rates[i] == rate) {
        values.set(i, emit(program.steps().get(i)));
      }
    }
  }

  /** Emits the steps of all rates from 0 to the given one. */
  public void emitUpTo(int rate) {
    IntStream.rangeClosed(0, rate).forEach(this::emit);
  }

  /** The vector of an output whose rate has been emitted. */
  public Vec output(int output) {
    return value(program.outputs().get(output));
  }

  /** How often an output changes. */
  public int outputRate(int output) {
    return rates[program.outputs().get(output)];
  }

  private Vec value(int step) {
    Vec value = values.get(step);
    if (value == null) {
      throw new IllegalStateException("step " + step + " has not been emitted: " + program);
    }
    return value;
  }

  private Vec emit(Program.Step step) {
    return switch (step) {
      case Program.Leaf(Expr.Constant(double value, Type type)) -> constant(value, type);
      case Program.Leaf(Expr leaf) -> leaves.value(leaf);
      case Program.Operation(Op op, Type type, List<Integer> args) -> {
        List<Vec> vecs = args.stream().map(this::value).toList();
        yield vecs.size() == 1 ? unary(op, vecs.getFirst()) : emit(op, vecs, args);
      }
    };
  }

  private Vec constant(double value, Type type) {
    return switch (type) {
      case FLOAT -> code.real((float) value);
      case INT -> code.integer((int) value);
      case BOOL -> code.compare("EQ", code.real(1), code.real((float) value));
    };
  }

  private Vec unary(Op op, Vec a) {
    return switch (op) {
      case NEG -> code.neg(a);
      case ABS -> code.abs(a);
      case SQRT -> code.sqrt(a);
      case EXP -> math.exp(a);
      case LOG -> math.log(a);
      case TANH -> math.tanh(a);
      case SIGMOID -> math.sigmoid(a);
      case FLOOR -> math.floor(a);
      case NOT -> code.not(a);
      case TO_FLOAT -> code.toFloat(a);
      case TO_INT -> code.toInt(a);
      default -> throw new IllegalArgumentException(op + " of one argument");
    };
  }

  private Vec emit(Op op, List<Vec> vecs, List<Integer> steps) {
    Vec a = vecs.get(0);
    Vec b = vecs.get(1);
    return switch (op) {
      case ADD -> code.add(a, b);
      case SUB -> code.sub(a, b);
      case MUL -> code.mul(a, b);
      case DIV -> code.div(a, b);
      case MIN -> extremum("GT", a, b, steps.get(1));
      case MAX -> extremum("LT", a, b, steps.get(1));
      case LT -> code.compare("LT", a, b);
      case LE -> code.compare("LE", a, b);
      case EQ -> code.compare("EQ", a, b);
      case AND, BIT_AND -> code.and(a, b);
      case OR -> code.or(a, b);
      case SELECT -> code.select(a, b, vecs.get(2));
      case BIT_XOR -> code.xor(a, b);
      case SHL -> shift("LSHL", a, b, steps.get(1));
      case USHR -> shift("LSHR", a, b, steps.get(1));
      default -> throw new IllegalArgumentException(op + " of two arguments");
    };
  }

  /** Against a number that is not NaN one comparison is enough to let NaN through, and cheaper. */
  private Vec extremum(String loses, Vec a, Vec b, int stepOfB) {
    if (program.steps().get(stepOfB) instanceof Program.Leaf(Expr.Constant(double value, Type type))
        && type == Type.FLOAT
        && !Double.isNaN(value)) {
      return code.select(code.compare(loses, a, b), b, a);
    }
    return loses.equals("LT") ? code.max(a, b) : code.min(a, b);
  }

  private Vec shift(String operator, Vec a, Vec distance, int step) {
    return program.steps().get(step) instanceof Program.Leaf(Expr.Constant(double value, Type t))
        ? code.shift(operator, a, (int) value & 31)
        : code.shift(operator, a, distance);
  }
}
