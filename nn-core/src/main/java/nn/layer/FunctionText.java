package nn.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import nn.expr.Expr;
import nn.expr.Op;

/** A function of one element as a {@link Term}: {@code mul(x, sigmoid(x))}. */
final class FunctionText {
  private static final String ARGUMENT = "x";

  /** Far beyond any activation; what shares its parts a lot would grow without bounds. */
  private static final int MOST_TERMS = 2000;

  private int terms;

  private FunctionText() {}

  static Term of(UnaryOperator<Expr> function) {
    return new FunctionText().term(function.apply(Expr.input(0)));
  }

  private Term term(Expr expr) {
    if (++terms > MOST_TERMS) {
      throw new IllegalArgumentException("the activation is too long to be described");
    }
    return switch (expr) {
      case Expr.Input input when input.equals(Expr.input(0)) -> Term.of(ARGUMENT);
      case Expr.Constant c when c.equals(Expr.constant(c.value())) ->
          new Term(Double.toString(c.value()), List.of());
      case Expr.Apply apply ->
          new Term(
              apply.op().name().toLowerCase(Locale.ROOT),
              apply.arguments().stream().map(this::term).toList());
      default ->
          throw new IllegalArgumentException(
              "the activation uses " + expr + ", which cannot be described");
    };
  }

  /**
   * The function that a term describes.
   *
   * @throws IllegalArgumentException if an operation in it does not exist or gets wrong arguments
   */
  static UnaryOperator<Expr> parse(Term term) {
    Expr body = expression(term);
    return x -> body.replace(part -> part.equals(Expr.input(0)) ? x : null);
  }

  private static Expr expression(Term term) {
    if (term.name().equals(ARGUMENT)) {
      return Expr.input(0);
    }
    if (term.arguments().isEmpty()) {
      return Expr.constant(term.real());
    }
    Expr[] arguments = term.arguments().stream().map(FunctionText::expression).toArray(Expr[]::new);
    return Expr.apply(op(term), arguments);
  }

  private static Op op(Term term) {
    return Arrays.stream(Op.values())
        .filter(op -> op.name().toLowerCase(Locale.ROOT).equals(term.name()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no operation is called \"" + term.name() + "\""));
  }

  /** The name among those given whose function is this one; empty if there is none. */
  static String name(UnaryOperator<Expr> function, Map<String, UnaryOperator<Expr>> named) {
    Expr body = function.apply(Expr.input(0));
    return named.entrySet().stream()
        .filter(entry -> entry.getValue().apply(Expr.input(0)).equals(body))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }
}
