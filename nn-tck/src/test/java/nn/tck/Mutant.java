package nn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.ForwardingBackend;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Transfer;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import nn.expr.Type;

/** The reference backend with a fault: it runs other commands than it was given. */
class Mutant extends ForwardingBackend {
  Mutant() {
    super(new ReferenceBackend());
  }

  /** A mutant that puts other expressions in the place of some operations. */
  static Mutant replacing(Op op, UnaryOperator<Expr> fault) {
    return new Mutant() {
      @Override
      Expr fault(Expr.Apply part) {
        return part.op() == op ? fault.apply(part) : part;
      }
    };
  }

  /** A mutant that reads operands wrongly. */
  static Mutant reading(UnaryOperator<Operand> fault) {
    return new Mutant() {
      @Override
      Operand fault(Operand input) {
        return fault.apply(input);
      }
    };
  }

  Expr fault(Expr.Apply part) {
    return part;
  }

  Operand fault(Operand input) {
    return input;
  }

  final Program faulty(Program program) {
    List<Expr> built = new ArrayList<>();
    for (Program.Step step : program.steps()) {
      built.add(
          switch (step) {
            case Program.Leaf(Expr leaf) -> leaf;
            case Program.Operation(Op op, Type type, List<Integer> arguments) -> {
              Expr rebuilt =
                  Expr.apply(op, arguments.stream().map(built::get).toArray(Expr[]::new));
              yield rebuilt instanceof Expr.Apply apply ? fault(apply) : rebuilt;
            }
          });
    }
    return Program.of(program.outputs().stream().map(built::get).toList());
  }

  final List<Operand> faulty(List<Operand> inputs) {
    return inputs.stream().map(this::fault).toList();
  }

  @Override
  public void gemm(Gemm g) {
    super.gemm(
        new Gemm(
            fault(g.a()), fault(g.b()), faulty(g.epilogue()), faulty(g.extras()), g.outputs()));
  }

  @Override
  public void elementwise(Elementwise e) {
    super.elementwise(
        new Elementwise(e.shape(), faulty(e.program()), faulty(e.inputs()), e.outputs()));
  }

  @Override
  public void reduce(Reduce r) {
    super.reduce(
        new Reduce(
            r.shape(),
            faulty(r.program()),
            r.combiners(),
            r.axes(),
            faulty(r.inputs()),
            r.outputs()));
  }

  @Override
  public void chain(Chain chain) {
    chain.stages().forEach(this::run);
  }

  @Override
  public Executable compile(List<Command> commands) {
    return oneByOne(commands);
  }

  /** Changes one element of a buffer. */
  final void poke(Buffer buffer, int index, double value) {
    double[] values = Transfer.read(inner(), buffer);
    values[index] = value;
    Transfer.write(inner(), buffer, values);
  }
}
