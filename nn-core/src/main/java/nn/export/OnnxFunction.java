package nn.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Type;

/** Turns an expression of one input into ONNX operators, shared parts once. */
final class OnnxFunction {
  private static final Expr INPUT = Expr.input(0);

  private final OnnxGraph graph;
  private final Map<Expr, String> names = new HashMap<>();

  private OnnxFunction(OnnxGraph graph, String input) {
    this.graph = graph;
    names.put(INPUT, input);
  }

  /**
   * Adds the operators of an expression.
   *
   * @param input the name of the value that the expression's input 0 stands for
   * @return the name of the result
   * @throws IllegalArgumentException if the expression uses what is not a function of its input
   */
  static String add(OnnxGraph graph, Expr function, String input) {
    return new OnnxFunction(graph, input).name(function);
  }

  private String name(Expr expr) {
    String known = names.get(expr);
    if (known == null) {
      known = compute(expr);
      names.put(expr, known);
    }
    return known;
  }

  private String compute(Expr expr) {
    return switch (expr) {
      case Expr.Constant constant when constant.type() == Type.FLOAT ->
          graph.scalar(constant.value());
      case Expr.Apply apply when isRelu(apply) ->
          graph.node("Relu", List.of(name(apply.arguments().getFirst())));
      case Expr.Apply apply ->
          graph.node(operator(apply.op()), apply.arguments().stream().map(this::name).toList());
      default -> throw unknown(expr);
    };
  }

  /** The simplifier leaves constants behind. */
  private static boolean isRelu(Expr.Apply apply) {
    return apply.op() == Op.MAX && apply.arguments().getLast().equals(Expr.ZERO);
  }

  private static String operator(Op op) {
    return switch (op) {
      case ADD -> "Add";
      case SUB -> "Sub";
      case MUL -> "Mul";
      case DIV -> "Div";
      case MIN -> "Min";
      case MAX -> "Max";
      case NEG -> "Neg";
      case ABS -> "Abs";
      case SQRT -> "Sqrt";
      case EXP -> "Exp";
      case LOG -> "Log";
      case TANH -> "Tanh";
      case SIGMOID -> "Sigmoid";
      case FLOOR -> "Floor";
      case LT -> "Less";
      case LE -> "LessOrEqual";
      case EQ -> "Equal";
      case AND -> "And";
      case OR -> "Or";
      case NOT -> "Not";
      case SELECT -> "Where";
      case BIT_AND, BIT_XOR, SHL, USHR, TO_FLOAT, TO_INT -> throw unknown(op);
    };
  }

  private static IllegalArgumentException unknown(Object part) {
    return new IllegalArgumentException("an activation with " + part + " has no ONNX operators");
  }
}
