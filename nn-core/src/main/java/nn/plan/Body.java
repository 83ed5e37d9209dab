package nn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nn.backend.Combiner;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a command computes for each element: expressions of inputs, and where their values go.
 *
 * @param base the number of the first input that is an operand: 1 for a gemm, whose input 0 is the
 *     product, else 0
 * @param inputs the operands, input {@code base + i} of the expressions being the i-th
 * @param outputs one for each expression
 */
record Body(int base, List<Expr> expressions, List<Operand> inputs, List<Operand> outputs) {

  static Body of(Elementwise e) {
    return new Body(0, e.program().expressions(), e.inputs(), e.outputs());
  }

  static Body of(Gemm g) {
    return new Body(1, g.epilogue().expressions(), g.extras(), g.outputs());
  }

  static Body of(Reduce r) {
    return new Body(0, r.program().expressions(), r.inputs(), r.outputs());
  }

  Elementwise elementwise(Shape shape) {
    Body compact = compacted();
    return new Elementwise(shape, compact.program(), compact.inputs, outputs);
  }

  Gemm gemm(Operand a, Operand b) {
    Body compact = compacted();
    return new Gemm(a, b, compact.program(), compact.inputs, outputs);
  }

  Reduce reduce(Shape shape, List<Combiner> combiners, List<Integer> axes) {
    Body compact = compacted();
    return new Reduce(shape, compact.program(), combiners, axes, compact.inputs, outputs);
  }

  private Program program() {
    return Program.of(expressions);
  }

  /** The same with the first operand read as another number. */
  Body withBase(int other) {
    List<Expr> moved =
        expressions.stream()
            .map(e -> e.replace(part -> isOperand(part) ? moved(part, other - base) : null))
            .toList();
    return new Body(other, moved, inputs, outputs);
  }

  private static Expr moved(Expr part, int by) {
    return new Expr.Input(((Expr.Input) part).index() + by, part.type());
  }

  /** What one input is replaced by, as an expression of the result's inputs; null leaves it. */
  interface Substitution {
    @Nullable Expr of(Operand input);
  }

  /** With inputs replaced by expressions that read no operand. */
  Body substitute(Substitution substitution) {
    List<Expr> replaced =
        expressions.stream()
            .map(e -> e.replace(part -> isOperand(part) ? read(part, substitution) : null))
            .toList();
    return new Body(base, replaced, inputs, outputs);
  }

  private boolean isOperand(Expr part) {
    return part instanceof Expr.Input input && input.index() >= base;
  }

  private @Nullable Expr read(Expr part, Substitution substitution) {
    Expr value = substitution.of(inputs.get(((Expr.Input) part).index() - base));
    return value == null ? null : converted(value, part.type());
  }

  private static Expr converted(Expr value, Type type) {
    return value.type() == type ? value : value.toFloat();
  }

  /**
   * This and then another, over one iteration space: the other's reads of this one's results become
   * this one's expressions.
   *
   * @param needed whether one of these outputs is still wanted
   * @return null if the other reads results in a way that cannot be substituted
   */
  @Nullable Body then(Body next, Predicate<Operand> needed) {
    List<Operand> union = new ArrayList<>(inputs);
    for (Operand input : next.inputs) {
      if (isResult(input) ? !canPass(input) : readsResults(input)) {
        return null;
      }
      if (!isResult(input) && !union.contains(input)) {
        union.add(input);
      }
    }
    Stream<Expr> later =
        next.expressions.stream()
            .map(e -> e.replace(part -> next.isOperand(part) ? passed(next, part, union) : null));
    List<Expr> joined = new ArrayList<>();
    List<Operand> written = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      if (needed.test(outputs.get(i)) && !next.outputs.contains(outputs.get(i))) {
        joined.add(expressions.get(i));
        written.add(outputs.get(i));
      }
    }
    joined.addAll(later.toList());
    written.addAll(next.outputs);
    return new Body(base, joined, union, written);
  }

  private Expr passed(Body next, Expr part, List<Operand> union) {
    Operand operand = next.inputs.get(((Expr.Input) part).index() - next.base);
    return isResult(operand)
        ? converted(expressions.get(outputs.indexOf(operand)), part.type())
        : new Expr.Input(base + union.indexOf(operand), part.type());
  }

  private boolean isResult(Operand operand) {
    return outputs.contains(operand);
  }

  /** A value may stay in a register instead of memory if memory would not have rounded it. */
  private static boolean canPass(Operand result) {
    return switch (result.type()) {
      case F64, F32, I32 -> true;
      case BF16, U8 -> false;
    };
  }

  private boolean readsResults(Operand input) {
    List<Region> reads = Accesses.reads(input);
    return outputs.stream().map(Region::of).anyMatch(w -> reads.stream().anyMatch(w::overlaps));
  }

  /** Without inputs that no expression reads. */
  private Body compacted() {
    boolean[] used = new boolean[inputs.size()];
    for (Program.Step step : program().steps()) {
      if (step instanceof Program.Leaf(Expr.Input input) && input.index() >= base) {
        used[input.index() - base] = true;
      }
    }
    List<Operand> kept = new ArrayList<>();
    int[] numbers = new int[used.length];
    for (int i = 0; i < used.length; i++) {
      numbers[i] = base + kept.size();
      if (used[i]) {
        kept.add(inputs.get(i));
      }
    }
    if (kept.size() == inputs.size()) {
      return this;
    }
    List<Expr> renumbered =
        expressions.stream()
            .map(e -> e.replace(part -> isOperand(part) ? renumbered(part, numbers) : null))
            .toList();
    return new Body(base, renumbered, kept, outputs);
  }

  private Expr renumbered(Expr part, int[] numbers) {
    int index = ((Expr.Input) part).index() - base;
    return new Expr.Input(numbers[index], part.type());
  }
}
