package nn.cpu.codegen;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.List;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Elements.Tail;
import nn.cpu.codegen.KernelSpec.Span;
import nn.cpu.codegen.OperandCode.Column;
import nn.cpu.codegen.Stage.Made;
import nn.cpu.codegen.Stage.Memory;
import nn.cpu.codegen.Stage.Parameter;
import nn.expr.Expr;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Emits a kernel that reduces over rows, some vectors of columns at a time:
 *
 * <pre>
 *   for each group of vectors of columns, then each vector, then the ragged one with masks
 *     for each row
 *       what is the same for the whole row
 *       for each vector of the group: combine
 *     store
 * </pre>
 */
final class ColumnKernel extends KernelCode {
  /** Vectors of columns at a time, together for all outputs: sums to be kept in registers. */
  private static final int GROUP = 4;

  /** Programs of more operations fill the registers with one vector. */
  private static final int FEW_OPERATIONS = 8;

  private final Stage stage;
  private final int column;

  ColumnKernel(CodeBuilder code, KernelSpec spec) {
    super(code, spec);
    this.stage = spec.stages().getFirst();
    this.column = v.newSlot();
  }

  @Override
  void emitLoops() {
    code.iload(COLUMN_FROM).istore(column);
    if (spec.span() != Span.PART) {
      emitWholeVectors();
    }
    if (spec.span() != Span.WHOLE) {
      Label end = code.newLabel();
      code.iload(column).iload(COLUMN_TO).if_icmpge(end);
      reduce(1, tail(column));
      code.labelBinding(end);
    }
  }

  private void emitWholeVectors() {
    int group = GROUP / stage.outputs().size();
    if (group > 1 && stage.program().operationCount() <= FEW_OPERATIONS && stage.number() < 0) {
      loopFrom(column, COLUMN_TO, group * Species.LANES, () -> reduce(group, null));
    }
    loopFrom(column, COLUMN_TO, Species.LANES, () -> reduce(1, null));
  }

  private void reduce(int vectors, @Nullable Tail tail) {
    v.scoped(() -> {
      List<Columns> group = new ArrayList<>();
      for (int i = 0; i < vectors; i++) {
        group.add(new Columns(new Column(column, i * Species.LANES), tail));
      }
      loop(ROW_FROM, ROW_TO, 1, row -> combineRow(row, group));
      group.forEach(Columns::store);
    });
  }

  private void combineRow(int row, List<Columns> group) {
    operands.forEach(operand -> operand.startRow(row));
    v.scoped(() -> {
      for (Columns columns : group) {
        columns.emitter.emitUpTo(ELEMENT);
        columns.combine();
      }
    });
  }

  /** One vector of columns. */
  private final class Columns implements ProgramEmitter.Leaves {
    private final Column at;
    private final @Nullable Tail tail;
    private final ProgramEmitter emitter;
    private final List<Accumulator> accumulators;

    Columns(Column at, @Nullable Tail tail) {
      this.at = at;
      this.tail = tail;
      this.emitter = new ProgramEmitter(v, stage.program(), this);
      this.accumulators = stage.combiners().stream().map(c -> new Accumulator(v, c)).toList();
      accumulators.forEach(Accumulator::start);
    }

    @Override
    public int rate(Expr leaf) {
      return switch (stage.source(leaf)) {
        case Parameter parameter -> CALL;
        case Memory(int operand) ->
            operands.get(operand).access().along() == Along.BROADCAST ? ROW : ELEMENT;
        case Made made -> throw single(leaf);
      };
    }

    @Override
    public Vec value(Expr leaf) {
      return switch (stage.source(leaf)) {
        case Parameter(int number) -> parameters.get(number);
        case Memory(int operand) -> operands.get(operand).load(leaf.type(), at, tail);
        case Made made -> throw single(leaf);
      };
    }

    private static IllegalStateException single(Expr leaf) {
      return new IllegalStateException("a single stage reads " + leaf + " from memory");
    }

    void combine() {
      Vec numbers =
          stage.number() < 0 ? null : operands.get(stage.number()).load(Type.INT, at, tail);
      for (int i = 0; i < accumulators.size(); i++) {
        accumulators.get(i).add(emitter.output(i), numbers, null);
      }
    }

    void store() {
      for (int i = 0; i < accumulators.size(); i++) {
        int operand = stage.outputs().get(i).operand();
        operands.get(operand).store(accumulators.get(i).result(), at, tail);
      }
    }
  }
}
