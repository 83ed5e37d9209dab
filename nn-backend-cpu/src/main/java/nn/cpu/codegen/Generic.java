package nn.cpu.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nn.cpu.codegen.Stage.Source;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import nn.expr.Type;

/**
 * A kernel's specification with parameters in place of constants: kernels that differ in a rate or
 * in the size of a batch alone are one, and compiled once.
 *
 * @param spec has a {@link Stage.Parameter} for each constant
 * @param constants their values, in the parameters' order
 */
public record Generic(KernelSpec spec, List<Float> constants) {
  /** The most parameters: each takes a register. */
  private static final int MOST = 8;

  public Generic {
    constants = List.copyOf(constants);
  }

  /**
   * Takes the constants out of a specification: real ones that are not whole, since whole ones,
   * such as the 0 of a ReLU, often have a meaning that code makes use of.
   */
  public static Generic of(KernelSpec spec) {
    List<Float> constants = new ArrayList<>();
    List<Stage> stages = spec.stages().stream().map(stage -> stage(stage, constants)).toList();
    KernelSpec generic = new KernelSpec(spec.form(), spec.span(), spec.operands(), stages);
    return new Generic(generic, constants);
  }

  private static Stage stage(Stage stage, List<Float> constants) {
    Program program = stage.program();
    Set<Expr> bounds = bounds(program);
    Map<Expr, Expr> replaced = new HashMap<>();
    Map<Expr, Source> leaves = new HashMap<>(stage.leaves());
    for (Program.Step step : program.steps()) {
      if (step instanceof Program.Leaf(Expr leaf)
          && leaf instanceof Expr.Constant(double value, Type type)
          && type == Type.FLOAT
          && isFraction(value)
          && !bounds.contains(leaf)
          && constants.size() < MOST) {
        Expr input = Expr.input(program.inputCount() + replaced.size());
        replaced.put(leaf, input);
        leaves.put(input, new Stage.Parameter(constants.size()));
        constants.add((float) value);
      }
    }
    List<Expr> exprs =
        program.expressions().stream().map(expr -> expr.replace(replaced::get)).toList();
    return new Stage(Program.of(exprs), leaves, stage.outputs(), stage.combiners(), stage.number());
  }

  private static boolean isFraction(double value) {
    return Double.isFinite(value) && value != Math.rint(value);
  }

  /**
   * Constants that something is compared with by MIN or MAX, which is cheaper when they are known.
   */
  private static Set<Expr> bounds(Program program) {
    Set<Expr> bounds = new HashSet<>();
    for (Program.Step step : program.steps()) {
      if (step instanceof Program.Operation(Op op, Type type, List<Integer> arguments)
          && (op == Op.MIN || op == Op.MAX)) {
        for (int argument : arguments) {
          if (program.steps().get(argument) instanceof Program.Leaf(Expr leaf)) {
            bounds.add(leaf);
          }
        }
      }
    }
    return bounds;
  }

  /** The numbers of a call: those of all operands 0, and behind them the parameters. */
  public int[] numbers() {
    int first = Kernel.NUMBERS * spec.operands().size();
    int[] numbers = new int[first + constants.size()];
    for (int i = 0; i < constants.size(); i++) {
      numbers[first + i] = Float.floatToRawIntBits(constants.get(i));
    }
    return numbers;
  }
}
