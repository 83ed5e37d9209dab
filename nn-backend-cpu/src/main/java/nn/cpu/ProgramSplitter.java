package nn.cpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import nn.expr.Type;

/**
 * Cuts programs whose kernels would be longer than what C2 compiles: part of the values goes
 * through memory.
 */
final class ProgramSplitter {
  /** Vector instructions of a kernel's body: 15 to 40 bytes each, body, tail and constants. */
  static final int LARGEST = 160;

  private ProgramSplitter() {}

  /** About how many vector instructions a program takes. */
  static int size(Program program) {
    return program.steps().stream().mapToInt(ProgramSplitter::size).sum();
  }

  private static int size(Program.Step step) {
    return step instanceof Program.Operation(Op op, Type type, List<Integer> args)
        ? switch (op) {
          case EXP -> 26;
          case LOG -> 36;
          case TANH, SIGMOID -> 34;
          case FLOOR -> 8;
          default -> 1;
        }
        : 0;
  }

  /** Commands that together do the same, none of them too large. */
  static List<Elementwise> split(Elementwise e) {
    int total = size(e.program());
    int cut = total <= LARGEST ? -1 : middle(e.program(), total);
    if (cut < 0) {
      return List.of(e);
    }
    Type type = e.program().steps().get(cut).type();
    Operand value = scratch(e.shape(), type == Type.INT ? DType.I32 : DType.F32);
    Expr input = new Expr.Input(e.inputs().size(), type);
    List<Operand> inputs = new ArrayList<>(e.inputs());
    inputs.add(value);
    Program first = Program.of(rebuilt(e.program(), -1, input).get(cut));
    List<Expr> rest = rebuilt(e.program(), cut, input);
    Program second = Program.of(e.program().outputs().stream().map(rest::get).toList());
    List<Elementwise> all = new ArrayList<>();
    all.addAll(split(new Elementwise(e.shape(), first, e.inputs(), List.of(value))));
    all.addAll(split(new Elementwise(e.shape(), second, inputs, e.outputs())));
    return all;
  }

  /** The maps of a large reduction, to be followed by one that reads their results. */
  static Reduce mapped(Reduce r, List<Elementwise> maps) {
    List<Operand> values = new ArrayList<>();
    List<Expr> identity = new ArrayList<>();
    for (int i = 0; i < r.outputs().size(); i++) {
      values.add(scratch(r.shape(), DType.F32));
      identity.add(Expr.input(i));
    }
    maps.addAll(split(new Elementwise(r.shape(), r.program(), r.inputs(), values)));
    return new Reduce(
        r.shape(), Program.of(identity), r.combiners(), r.axes(), values, r.outputs());
  }

  private static Operand scratch(Shape shape, DType type) {
    return Operand.of(new CpuBuffer(type, shape.size()), Layout.contiguous(shape, 0));
  }

  /**
   * The operation whose computation is nearest to half of the program; -1 if none can be cut off.
   */
  private static int middle(Program program, int total) {
    int best = -1;
    int bestDistance = Integer.MAX_VALUE;
    List<BitSet> needed = needed(program);
    for (int i = 0; i < needed.size(); i++) {
      int size = needed.get(i).stream().map(k -> size(program.steps().get(k))).sum();
      int distance = Math.abs(total - 2 * size);
      boolean storable = program.steps().get(i).type() != Type.BOOL;
      if (storable && size > 0 && size < total && distance < bestDistance) {
        best = i;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** For each step the steps that it is computed from, itself included. */
  private static List<BitSet> needed(Program program) {
    List<BitSet> needed = new ArrayList<>();
    for (Program.Step step : program.steps()) {
      BitSet own = new BitSet();
      own.set(needed.size());
      if (step instanceof Program.Operation operation) {
        operation.arguments().forEach(argument -> own.or(needed.get(argument)));
      }
      needed.add(own);
    }
    return needed;
  }

  /** Each step as an expression, one of them replaced. */
  private static List<Expr> rebuilt(Program program, int replaced, Expr replacement) {
    List<Expr> exprs = new ArrayList<>();
    for (Program.Step step : program.steps()) {
      Expr own =
          switch (step) {
            case Program.Leaf(Expr leaf) -> leaf;
            case Program.Operation operation ->
                Expr.apply(
                    operation.op(),
                    operation.arguments().stream().map(exprs::get).toArray(Expr[]::new));
          };
      exprs.add(exprs.size() == replaced ? replacement : own);
    }
    return exprs;
  }
}
