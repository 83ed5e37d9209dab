package nn.plan;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import nn.expr.Expr;

/** Expressions in the notation of mathematics, with names for their inputs. */
final class ExprText {
  private ExprText() {}

  static String of(Expr expr, List<String> inputs) {
    return switch (expr) {
      case Expr.Input(int index, var type) -> inputs.get(index);
      case Expr.Constant c -> number(c.value());
      case Expr.Index(int axis) -> "index" + axis;
      case Expr.Position() -> "position";
      case Expr.Apply apply -> apply(apply, inputs);
    };
  }

  private static String number(double value) {
    return value == (long) value && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  private static String apply(Expr.Apply apply, List<String> inputs) {
    List<String> args = apply.arguments().stream().map(a -> of(a, inputs)).toList();
    String sign =
        switch (apply.op()) {
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
    if (!sign.isEmpty()) {
      return "(" + args.get(0) + " " + sign + " " + args.get(1) + ")";
    }
    String name = apply.op().name().toLowerCase(Locale.ROOT);
    return name + args.stream().collect(Collectors.joining(", ", "(", ")"));
  }
}
