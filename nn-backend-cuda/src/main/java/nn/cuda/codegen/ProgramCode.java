package nn.cuda.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import nn.expr.Type;

/** A program as a function of CUDA C for one element: leaves in, outputs by reference. */
final class ProgramCode {
  private final Program program;
  private final List<Expr> leaves = new ArrayList<>();

  ProgramCode(Program program) {
    this.program = program;
    for (Program.Step step : program.steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        leaves.add(leaf);
      }
    }
  }

  private static String type(Type type) {
    return switch (type) {
      case FLOAT -> "float";
      case INT -> "int";
      case BOOL -> "bool";
    };
  }

  /** The function's definition. */
  void emit(Code code, String name) {
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      parameters.add(type(leaves.get(i).type()) + " x" + i);
    }
    for (int i = 0; i < program.outputs().size(); i++) {
      parameters.add(type(program.outputType(i)) + "& y" + i);
    }
    code.open("INLINE void %s(%s)", name, String.join(", ", parameters));
    for (int i = 0; i < program.steps().size(); i++) {
      Program.Step step = program.steps().get(i);
      code.line("%s v%d = %s;", type(step.type()), i, expression(step));
    }
    for (int i = 0; i < program.outputs().size(); i++) {
      code.line("y%d = v%d;", i, program.outputs().get(i));
    }
    code.close();
  }

  /**
   * A call.
   *
   * @param values the expression for a leaf
   * @param outputs the variables that take the results
   */
  String call(String name, Function<Expr, String> values, List<String> outputs) {
    List<String> arguments = new ArrayList<>(leaves.stream().map(values).toList());
    arguments.addAll(outputs);
    return name + "(" + String.join(", ", arguments) + ");";
  }

  /** Declares variables for the outputs. */
  void declareOutputs(Code code, String prefix, String suffix) {
    for (int i = 0; i < program.outputs().size(); i++) {
      code.line("%s %s%d%s;", type(program.outputType(i)), prefix, i, suffix);
    }
  }

  private String expression(Program.Step step) {
    return switch (step) {
      case Program.Leaf(Expr.Constant(double value, Type type)) -> constant(value, type);
      case Program.Leaf(Expr leaf) -> "x" + leaves.indexOf(leaf);
      case Program.Operation(Op op, Type type, List<Integer> arguments) -> {
        List<String> names = arguments.stream().map(i -> "v" + i).toList();
        boolean real = program.steps().get(arguments.getFirst()).type() == Type.FLOAT;
        yield operation(op, real).formatted(names.toArray());
      }
    };
  }

  static String constant(double value, Type type) {
    return switch (type) {
      case FLOAT -> real((float) value);
      case INT -> value == Integer.MIN_VALUE ? "-2147483647 - 1" : String.valueOf((int) value);
      case BOOL -> value != 0 ? "true" : "false";
    };
  }

  private static String real(float value) {
    return Float.isFinite(value)
        ? Float.toHexString(value) + "f"
        : "__int_as_float(0x%08x)".formatted(Float.floatToIntBits(value));
  }

  /** A format for the names of the arguments. */
  private static String operation(Op op, boolean real) {
    return switch (op) {
      case ADD -> real ? "%s + %s" : "add(%s, %s)";
      case SUB -> real ? "%s - %s" : "sub(%s, %s)";
      case MUL -> real ? "%s * %s" : "mul(%s, %s)";
      case DIV -> "%s / %s";
      case MIN -> "minimum(%s, %s)";
      case MAX -> "maximum(%s, %s)";
      case NEG -> real ? "-%s" : "sub(0, %s)";
      case ABS -> "fabsf(%s)";
      case SQRT -> "sqrtf(%s)";
      case EXP -> "expf(%s)";
      case LOG -> "logf(%s)";
      case TANH -> "tanhf(%s)";
      case SIGMOID -> "sigmoid(%s)";
      case FLOOR -> "floorf(%s)";
      case LT -> "%s < %s";
      case LE -> "%s <= %s";
      case EQ -> "%s == %s";
      case AND -> "%s && %s";
      case OR -> "%s || %s";
      case NOT -> "!%s";
      case SELECT -> "%s ? %s : %s";
      case BIT_AND -> "%s & %s";
      case BIT_XOR -> "%s ^ %s";
      case SHL -> "shl(%s, %s)";
      case USHR -> "ushr(%s, %s)";
      case TO_FLOAT -> "(float)%s";
      case TO_INT -> "truncated(%s)";
    };
  }
}
