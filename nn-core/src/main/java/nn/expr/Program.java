package nn.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One or more expressions as straight-line code in which every value is computed once: what a
 * backend compiles. Programs that compute the same values in the same way are equal, so a program
 * is the key of a cache of kernels.
 */
public final class Program {

  /** One value: a leaf, or an operation on earlier values. */
  public sealed interface Step {
    /** The type of the value. */
    Type type();
  }

  /** An input, a constant, an index or the position. */
  public record Leaf(Expr expr) implements Step {
    @Override
    public Type type() {
      return expr.type();
    }
  }

  /** An operation on the values of earlier steps, named by their numbers. */
  public record Operation(Op op, Type type, List<Integer> arguments) implements Step {}

  private final List<Expr> expressions;
  private final List<Step> steps;
  private final List<Integer> outputs;

  private Program(List<Expr> expressions, List<Step> steps, List<Integer> outputs) {
    this.expressions = expressions;
    this.steps = steps;
    this.outputs = outputs;
  }

  /**
   * The program that computes these expressions.
   *
   * @throws IllegalArgumentException if one is a truth value, which no buffer can hold
   */
  public static Program of(List<Expr> expressions) {
    Builder builder = new Builder();
    List<Integer> outputs = new ArrayList<>();
    for (Expr e : expressions) {
      if (e.type() == Type.BOOL) {
        throw new IllegalArgumentException(
            "a truth value cannot be stored; select numbers by it: " + e);
      }
      outputs.add(builder.number(e));
    }
    return new Program(List.copyOf(expressions), List.copyOf(builder.steps), List.copyOf(outputs));
  }

  public static Program of(Expr... expressions) {
    return of(List.of(expressions));
  }

  /**
   * Whether both compute the same in the same way; takes time in proportion to their distinct
   * parts.
   */
  static boolean same(Expr one, Expr other) {
    Builder builder = new Builder();
    return builder.number(one) == builder.number(other);
  }

  /** The expressions that this program was made from. */
  public List<Expr> expressions() {
    return expressions;
  }

  /** The values, each after those that it needs. */
  public List<Step> steps() {
    return steps;
  }

  /** For each output the number of the step that computes it. */
  public List<Integer> outputs() {
    return outputs;
  }

  /** The type of an output. */
  public Type outputType(int output) {
    return expressions.get(output).type();
  }

  /** The smallest number of operands that covers every input read. */
  public int inputCount() {
    int count = 0;
    for (Step step : steps) {
      if (step instanceof Leaf(Expr.Input input)) {
        count = Math.max(count, input.index() + 1);
      }
    }
    return count;
  }

  /** The number of arithmetic operations for one element. */
  public int operationCount() {
    return (int) steps.stream().filter(Operation.class::isInstance).count();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || other instanceof Program that
            && steps.equals(that.steps)
            && outputs.equals(that.outputs);
  }

  @Override
  public int hashCode() {
    return 31 * steps.hashCode() + outputs.hashCode();
  }

  @Override
  public String toString() {
    return expressions.toString();
  }

  /** Gives equal values one number. */
  private static final class Builder {
    final List<Step> steps = new ArrayList<>();
    private final Map<Step, Integer> numbers = new HashMap<>();
    private final Map<Expr, Integer> seen = new IdentityHashMap<>();

    /** With a stack of its own: an expression may be deeper than the thread's. */
    int number(Expr expr) {
      Deque<Expr> pending = new ArrayDeque<>(List.of(expr));
      while (!pending.isEmpty()) {
        Expr next = pending.element();
        Expr missing = missingArgument(next);
        if (missing == null) {
          seen.computeIfAbsent(next, e -> numbers.computeIfAbsent(step(e), this::append));
          pending.remove();
        } else {
          pending.push(missing);
        }
      }
      return known(expr);
    }

    private @Nullable Expr missingArgument(Expr expr) {
      if (expr instanceof Expr.Apply apply) {
        for (Expr argument : apply.arguments()) {
          if (!seen.containsKey(argument)) {
            return argument;
          }
        }
      }
      return null;
    }

    private int known(Expr expr) {
      return Objects.requireNonNull(seen.get(expr));
    }

    private Step step(Expr expr) {
      return expr instanceof Expr.Apply apply
          ? new Operation(
              apply.op(), apply.type(), apply.arguments().stream().map(this::known).toList())
          : new Leaf(expr);
    }

    private int append(Step step) {
      steps.add(step);
      return steps.size() - 1;
    }
  }
}
