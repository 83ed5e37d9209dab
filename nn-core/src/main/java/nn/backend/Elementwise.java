package nn.backend;

import java.util.List;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * One pass over an iteration space: each output's element is an expression of the inputs' elements.
 * All inputs of an element are read before any output of it is written; elements are visited in no
 * given order.
 *
 * @param shape the iteration space
 * @param program one expression for each output
 * @param inputs of the iteration space's shape, perhaps broadcast or gathered
 * @param outputs of the iteration space's shape; one may alias an input only with the identical
 *     layout
 */
public record Elementwise(Shape shape, Program program, List<Operand> inputs, List<Operand> outputs)
    implements Command {

  /** Copies input 0. */
  public static final Program COPY = Program.of(Expr.input(0));

  public Elementwise {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    Checks.require(
        outputs.size() == program.outputs().size(),
        "%s outputs for %s expressions",
        outputs.size(),
        program.outputs().size());
    Checks.loads(program, inputs, 0);
    Checks.axes(program, shape);
    for (int i = 0; i < inputs.size(); i++) {
      Checks.shape("input " + i, inputs.get(i), shape);
    }
    for (int i = 0; i < outputs.size(); i++) {
      Checks.shape("output " + i, outputs.get(i), shape);
      Checks.writable(outputs.get(i));
      Checks.stored(program, i, outputs.get(i));
    }
  }

  /** One output; inputs are stretched to its shape. */
  public static Elementwise of(Expr expr, Operand output, Operand... inputs) {
    List<Operand> stretched =
        List.of(inputs).stream().map(input -> input.broadcastTo(output.shape())).toList();
    return new Elementwise(output.shape(), Program.of(expr), stretched, List.of(output));
  }
}
