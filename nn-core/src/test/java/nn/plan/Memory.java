package nn.plan;

import java.util.List;
import java.util.stream.IntStream;
import nn.backend.Buffer;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;

/** Operands and commands for tests of rewrites, which need no memory behind them. */
final class Memory {
  static final Expr X = Expr.input(0);
  static final Expr Y = Expr.input(1);

  private static int temporaries;

  private Memory() {}

  private static final class RealBuffer implements Buffer {
    private final DType type;
    private final int length;

    RealBuffer(DType type, int length) {
      this.type = type;
      this.length = length;
    }

    @Override
    public DType type() {
      return type;
    }

    @Override
    public int length() {
      return length;
    }
  }

  /** Memory that outlives the step. */
  static Operand real(int... dims) {
    return real(DType.F32, dims);
  }

  static Operand real(DType type, int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(new RealBuffer(type, shape.size()), shape);
  }

  static Operand temporary(int... dims) {
    return temporary(DType.F32, dims);
  }

  static Operand temporary(DType type, int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(new VirtualBuffer(temporaries++, type, shape.size()), shape);
  }

  static Command reduce(Combiner combiner, Expr expr, int axis, Operand output, Operand... inputs) {
    Shape shape = inputs[0].shape();
    List<Operand> stretched = List.of(inputs).stream().map(in -> in.broadcastTo(shape)).toList();
    return new Reduce(
        shape, Program.of(expr), List.of(combiner), List.of(axis), stretched, List.of(output));
  }

  static Operand transposed(Operand operand) {
    return operand.with(operand.layout().transpose());
  }

  static Operand view(Operand operand, int... dims) {
    Operand view = Reshape.of(operand, Shape.of(dims));
    if (view == null) {
      throw new AssertionError("no such view of " + operand);
    }
    return view;
  }

  /** The commands as text; memory is named in the order in which it appears. */
  static List<String> lines(List<Command> commands) {
    Listing listing = new Listing();
    return IntStream.range(0, commands.size())
        .mapToObj(i -> listing.line(commands.get(i)))
        .toList();
  }
}
