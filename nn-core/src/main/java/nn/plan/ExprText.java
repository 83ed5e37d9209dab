package nn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;

/**
 * A program in the notation of mathematics. A long part that is used more than once gets a name, so
 * the text is no longer than the program.
 */
final class ExprText {
  /** Longer parts get a name. */
  private static final int LONG = 40;

  private final List<String> inputs;
  private final int[] uses;
  private final List<String> values = new ArrayList<>();
  private final List<String> definitions = new ArrayList<>();

  private ExprText(Program program, List<String> inputs) {
    this.inputs = inputs;
    this.uses = new int[program.steps().size()];
    program.outputs().forEach(step -> uses[step]++);
    for (Program.Step step : program.steps()) {
      if (step instanceof Program.Operation operation) {
        operation.arguments().forEach(argument -> uses[argument]++);
      }
    }
    program.steps().forEach(this::add);
  }

  /**
   * The program's outputs as assignments.
   *
   * @param targets what each output is assigned to, such as "t0 = sum"
   */
  static String of(Program program, List<String> inputs, List<String> targets) {
    ExprText text = new ExprText(program, inputs);
    List<String> assigned =
        IntStream.range(0, targets.size())
            .mapToObj(i -> targets.get(i) + " " + text.values.get(program.outputs().get(i)))
            .toList();
    String where = text.definitions.isEmpty() ? "" : " where ";
    return String.join(", ", assigned) + where + String.join(", ", text.definitions);
  }

  private void add(Program.Step step) {
    String value =
        switch (step) {
          case Program.Leaf(Expr leaf) -> leaf(leaf);
          case Program.Operation operation -> operation(operation);
        };
    if (value.length() > LONG && uses[values.size()] > 1) {
      String name = "v" + definitions.size();
      definitions.add(name + " = " + value);
      value = name;
    }
    values.add(value);
  }

  private String leaf(Expr leaf) {
    return switch (leaf) {
      case Expr.Input input -> inputs.get(input.index());
      case Expr.Constant constant -> number(constant.value());
      case Expr.Index(int axis) -> "index" + axis;
      case Expr.Position() -> "position";
      case Expr.Apply apply -> apply.toString();
    };
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  private String operation(Program.Operation operation) {
    List<String> args = operation.arguments().stream().map(values::get).toList();
    String sign = sign(operation.op());
    return sign.isEmpty()
        ? operation.op().name().toLowerCase(Locale.ROOT) + "(" + String.join(", ", args) + ")"
        : "(" + args.get(0) + " " + sign + " " + args.get(1) + ")";
  }

  private static String sign(Op op) {
    return switch (op) {
      case ADD -> "+";
      case SUB -> "-";
      case MUL -> "*";
      case DIV -> "/";
      case LT -> "<";
      case LE -> "<=";
      case EQ -> "==";
      case AND -> "and";
      case OR -> "or";
      default -> "";
    };
  }
}
