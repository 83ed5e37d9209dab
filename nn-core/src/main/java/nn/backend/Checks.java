package nn.backend;

import java.util.List;
import nn.expr.Expr;
import nn.expr.Program;
import nn.expr.Type;

/** What holds for every verb. */
final class Checks {
  private Checks() {}

  static void require(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(format.formatted(args));
    }
  }

  static void shape(String what, Operand operand, Shape expected) {
    require(
        operand.shape().equals(expected),
        "%s has shape %s, expected %s",
        what,
        operand.shape(),
        expected);
  }

  static void plain(String what, Operand operand) {
    require(operand.rows() == null, "%s cannot be gathered", what);
  }

  /** Each element of an output is written once, so no stride of an output is 0. */
  static void writable(Operand output) {
    plain("an output", output);
    Layout layout = output.layout();
    for (int i = 0; i < layout.shape().rank(); i++) {
      require(
          layout.shape().dim(i) <= 1 || layout.stride(i) != 0,
          "an output cannot be broadcast: %s",
          layout);
    }
  }

  static void stored(Program program, int output, Operand operand) {
    Type type = program.outputType(output);
    require(
        operand.type().type() == type,
        "output %s is %s, stored as %s",
        output,
        type,
        operand.type());
  }

  /** The program's inputs are there, and integers are read from integer buffers. */
  static void loads(Program program, List<Operand> inputs, int first) {
    require(
        program.inputCount() <= inputs.size() + first,
        "the expression reads %s inputs, %s are given",
        program.inputCount(),
        inputs.size() + first);
    for (Program.Step step : program.steps()) {
      if (step instanceof Program.Leaf(Expr.Input(int index, Type type)) && index >= first) {
        DType stored = inputs.get(index - first).type();
        require(
            type == Type.FLOAT || stored.type() == Type.INT,
            "input %s is read as an integer but holds %s",
            index,
            stored);
      }
    }
  }

  static void axes(Program program, Shape shape) {
    for (Program.Step step : program.steps()) {
      if (step instanceof Program.Leaf(Expr.Index(int axis))) {
        require(axis >= 0 && axis < shape.rank(), "the expression uses axis %s of %s", axis, shape);
      }
    }
  }
}
