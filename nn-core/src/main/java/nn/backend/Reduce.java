package nn.backend;

import java.util.List;
import nn.expr.Program;
import nn.expr.Type;

/**
 * A fused map and reduction: for each output, an expression of the inputs' elements is combined
 * over some axes.
 *
 * <p>The order in which a backend combines depends on the shapes alone, never on the number of
 * threads.
 *
 * @param shape the iteration space
 * @param program one real expression for each output: the value to combine
 * @param combiners one for each output
 * @param axes the axes combined over, ascending; none makes this a map
 * @param inputs of the iteration space's shape, perhaps broadcast or gathered
 * @param outputs of the iteration space's shape with extent 1 along the axes; none overlaps an
 *     input
 */
public record Reduce(
    Shape shape,
    Program program,
    List<Combiner> combiners,
    List<Integer> axes,
    List<Operand> inputs,
    List<Operand> outputs)
    implements Command {

  public Reduce {
    combiners = List.copyOf(combiners);
    axes = axes.stream().map(shape::axis).sorted().distinct().toList();
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    boolean matched =
        outputs.size() == program.outputs().size() && outputs.size() == combiners.size();
    Checks.require(matched, "as many outputs as expressions and combiners: %s", outputs.size());
    Checks.loads(program, inputs, 0);
    Checks.axes(program, shape);
    for (int i = 0; i < inputs.size(); i++) {
      Checks.shape("input " + i, inputs.get(i), shape);
    }
    Shape result = shape.reduced(axes.stream().mapToInt(i -> i).toArray());
    for (int i = 0; i < outputs.size(); i++) {
      checkOutput(i, outputs.get(i), result, combiners.get(i), program);
    }
    boolean defined =
        shape.size() > 0 || result.size() == 0 || !combiners.contains(Combiner.ARGMAX);
    Checks.require(defined, "argmax over nothing: %s over axes %s", shape, axes);
  }

  private static void checkOutput(
      int i, Operand output, Shape result, Combiner combiner, Program program) {
    Checks.shape("output " + i, output, result);
    Checks.writable(output);
    Checks.require(
        program.outputType(i) == Type.FLOAT,
        "reductions combine real numbers; convert output %s",
        i);
    Type stored = combiner == Combiner.ARGMAX ? Type.INT : Type.FLOAT;
    Checks.require(
        output.type().type() == stored,
        "%s is stored as %s, not %s",
        combiner,
        stored,
        output.type());
  }

  /** Whether the axis is combined over. */
  public boolean reduces(int axis) {
    return axes.contains(axis);
  }
}
