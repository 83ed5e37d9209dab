package nn.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A name and what stands in parentheses behind it, as in {@code linear(784, 100)}. A number is a
 * name without arguments.
 */
record Term(String name, List<Term> arguments) {
  private static final int MAX_DEPTH = 200;

  Term {
    arguments = List.copyOf(arguments);
  }

  static Term of(String name, Number... numbers) {
    return new Term(name, Stream.of(numbers).map(n -> new Term(n.toString(), List.of())).toList());
  }

  /**
   * Reads a term.
   *
   * @throws IllegalArgumentException naming the character where the text stops being one
   */
  static Term parse(String text) {
    Parser parser = new Parser(text);
    Term term = parser.term(0);
    if (parser.peek() != 0) {
      throw parser.error("more text after the end");
    }
    return term;
  }

  /** This term without arguments, as a whole number. */
  int integer() {
    try {
      return Integer.parseInt(leaf());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(this + " is no whole number", e);
    }
  }

  /** This term without arguments, as a number. */
  double real() {
    try {
      return Double.parseDouble(leaf());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(this + " is no number", e);
    }
  }

  private String leaf() {
    if (!arguments.isEmpty()) {
      throw new IllegalArgumentException(this + " stands where a number belongs");
    }
    return name;
  }

  @Override
  public String toString() {
    return arguments.isEmpty()
        ? name
        : arguments.stream().map(Term::toString).collect(Collectors.joining(", ", name + "(", ")"));
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Term term(int depth) {
      if (depth > MAX_DEPTH) {
        throw error("nested more than " + MAX_DEPTH + " deep");
      }
      String name = name();
      List<Term> arguments = new ArrayList<>();
      if (take('(') && !take(')')) {
        do {
          arguments.add(term(depth + 1));
        } while (take(','));
        if (!take(')')) {
          throw error("')' expected");
        }
      }
      return new Term(name, arguments);
    }

    private String name() {
      char first = peek();
      int start = at;
      while (at < text.length() && "(), \n\t".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      if (at == start) {
        throw error(first == 0 ? "it ends where a name is expected" : "a name expected");
      }
      return text.substring(start, at);
    }

    private boolean take(char c) {
      boolean here = peek() == c;
      at += here ? 1 : 0;
      return here;
    }

    /** The next character that is no space; NUL at the end. */
    char peek() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    IllegalArgumentException error(String what) {
      String near = text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 20));
      return new IllegalArgumentException(
          "not an architecture at character %d, near \"%s\": %s".formatted(at, near, what));
    }
  }
}
