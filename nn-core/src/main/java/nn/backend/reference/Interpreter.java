package nn.backend.reference;

import java.util.List;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import nn.expr.Type;

/** Computes a program's values for one element, one slot for each step. */
final class Interpreter {

  /** Computes the slot of one step from the element's inputs and place, and earlier slots. */
  private interface Instruction {
    double compute(double[] slots, double[] inputs, int[] coordinates, int position);
  }

  private final Instruction[] instructions;
  private final double[] slots;
  private final int[] outputs;

  Interpreter(Program program) {
    List<Program.Step> steps = program.steps();
    instructions = steps.stream().map(s -> instruction(s, steps)).toArray(Instruction[]::new);
    slots = new double[steps.size()];
    outputs = program.outputs().stream().mapToInt(i -> i).toArray();
  }

  private static Instruction instruction(Program.Step step, List<Program.Step> steps) {
    return switch (step) {
      case Program.Leaf(Expr leaf) -> leaf(leaf);
      case Program.Operation(Op op, Type type, List<Integer> arguments) -> {
        Type first = steps.get(arguments.getFirst()).type();
        yield operation(op, first, arguments.stream().mapToInt(i -> i).toArray());
      }
    };
  }

  private static Instruction leaf(Expr leaf) {
    return switch (leaf) {
      case Expr.Input(int index, Type type) -> (slots, inputs, at, position) -> inputs[index];
      case Expr.Constant(double value, Type type) -> (slots, inputs, at, position) -> value;
      case Expr.Index(int axis) -> (slots, inputs, at, position) -> at[axis];
      case Expr.Position() -> (slots, inputs, at, position) -> position;
      case Expr.Apply apply -> throw new IllegalArgumentException("not a leaf: " + apply);
    };
  }

  private static Instruction operation(Op op, Type type, int[] arguments) {
    int a = arguments[0];
    int b = op.arity() > 1 ? arguments[1] : a;
    int c = op.arity() > 2 ? arguments[2] : a;
    return (slots, inputs, at, position) -> op.evaluate(type, slots[a], slots[b], slots[c]);
  }

  /** Computes every value of the element at these coordinates, the given one in row-major order. */
  void run(double[] inputs, int[] coordinates, int position) {
    for (int i = 0; i < instructions.length; i++) {
      slots[i] = instructions[i].compute(slots, inputs, coordinates, position);
    }
  }

  /** The value of an output for the element last computed. */
  double output(int i) {
    return slots[outputs[i]];
  }
}
