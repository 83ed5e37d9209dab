package nn.cpu.codegen;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import nn.backend.Combiner;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Elements.Tail;
import nn.cpu.codegen.KernelSpec.Span;
import nn.cpu.codegen.OperandCode.Column;
import nn.cpu.codegen.Stage.Made;
import nn.cpu.codegen.Stage.Memory;
import nn.cpu.codegen.Stage.Output;
import nn.cpu.codegen.Stage.Parameter;
import nn.expr.Expr;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Emits a kernel that goes row after row:
 *
 * <pre>
 *   for each row
 *     for all stages: what is the same for the whole row
 *     for each vector of columns: all stages
 *     for the last, ragged one, if it may not overlap the one before, with masks: all stages
 *     for reductions: fold the lanes, store
 * </pre>
 */
final class RowKernel extends KernelCode {
  private static final ClassDesc MATH = ClassDesc.of(Math.class.getName());
  private static final MethodTypeDesc MIN = MethodTypeDesc.of(CD_int, CD_int, CD_int);

  private final List<StageCode> stages = new ArrayList<>();
  private final Column column;

  /** Where the last whole vector ends, or, where vectors overlap, begins. */
  private final int bound;

  RowKernel(CodeBuilder code, KernelSpec spec) {
    super(code, spec);
    this.column = new Column(v.newSlot(), 0);
    this.bound = v.newSlot();
    spec.stages().forEach(stage -> stages.add(new StageCode(stage)));
  }

  @Override
  void emitLoops() {
    Tail tail =
        switch (spec.span()) {
          case WHOLE -> null;
          case PART -> tail(COLUMN_FROM);
          case OVERLAPPING -> {
            code.iload(COLUMN_TO).loadConstant(Species.LANES).isub().istore(bound);
            yield null;
          }
          case ANY -> {
            code.iload(COLUMN_TO).iload(COLUMN_TO).iload(COLUMN_FROM).isub();
            code.loadConstant(Species.LANES - 1).iand().isub().istore(bound);
            yield tail(bound);
          }
        };
    loop(ROW_FROM, ROW_TO, 1, row -> emitRow(row, tail));
  }

  private void emitRow(int row, @Nullable Tail tail) {
    operands.forEach(operand -> operand.startRow(row));
    stages.forEach(StageCode::beforeColumns);
    code.iload(COLUMN_FROM).istore(column.slot());
    switch (spec.span()) {
      case WHOLE -> emitWholeVectors(COLUMN_TO);
      case PART -> emitColumns(tail);
      case OVERLAPPING -> emitOverlappingVectors();
      case ANY -> {
        emitWholeVectors(bound);
        Label end = code.newLabel();
        code.iload(column.slot()).iload(COLUMN_TO).if_icmpge(end);
        emitColumns(tail);
        code.labelBinding(end);
      }
    }
    stages.forEach(StageCode::afterColumns);
  }

  private void emitWholeVectors(int end) {
    loopFrom(column.slot(), end, Species.LANES, () -> emitColumns(null));
  }

  /** Each begins where it should, or so far before that it ends with the columns. */
  private void emitOverlappingVectors() {
    int next = v.newSlot();
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iload(COLUMN_FROM).istore(next);
    code.labelBinding(top).iload(next).iload(COLUMN_TO).if_icmpge(end);
    code.iload(next).iload(bound).invokestatic(MATH, "min", MIN).istore(column.slot());
    emitColumns(null);
    code.iinc(next, Species.LANES).goto_(top).labelBinding(end);
  }

  private void emitColumns(@Nullable Tail tail) {
    operands.forEach(operand -> operand.startVector(column));
    v.scoped(() -> stages.forEach(stage -> stage.emitColumns(tail)));
  }

  private final class StageCode implements ProgramEmitter.Leaves {
    private final Stage stage;
    private final ProgramEmitter emitter;
    private final List<Accumulator> accumulators = new ArrayList<>();
    private @Nullable Tail tail;

    StageCode(Stage stage) {
      this.stage = stage;
      this.emitter = new ProgramEmitter(v, stage.program(), this);
    }

    @Override
    public int rate(Expr leaf) {
      return switch (stage.source(leaf)) {
        case Memory(int operand) ->
            operands.get(operand).access().along() == Along.BROADCAST ? ROW : ELEMENT;
        case Parameter parameter -> CALL;
        case Made made -> Math.max(ROW, stages.get(made.stage()).emitter.outputRate(made.output()));
      };
    }

    @Override
    public Vec value(Expr leaf) {
      return switch (stage.source(leaf)) {
        case Memory(int operand) -> operands.get(operand).load(leaf.type(), column, tail);
        case Parameter(int number) -> parameters.get(number);
        case Made made -> stages.get(made.stage()).made(made.output(), leaf.type());
      };
    }

    private Vec made(int output, Type wanted) {
      Vec value = emitter.output(output);
      return elements().readBack(stage.outputs().get(output).type(), wanted, value);
    }

    void beforeColumns() {
      stage.combiners().forEach(combiner -> accumulators.add(new Accumulator(v, combiner)));
      if (spec.span() != Span.PART) {
        accumulators.forEach(Accumulator::start);
      }
      emitter.emitUpTo(ROW);
    }

    void emitColumns(@Nullable Tail masks) {
      tail = masks;
      emitter.emit(ELEMENT);
      for (int i = 0; i < stage.outputs().size(); i++) {
        if (stage.isReduction()) {
          combine(i, masks);
        } else {
          store(i, emitter.output(i), masks);
        }
      }
    }

    private void combine(int output, @Nullable Tail masks) {
      Vec numbers =
          stage.combiners().get(output) == Combiner.ARGMAX
              ? operands.get(stage.number()).load(Type.INT, column, masks)
              : null;
      Vec mask = masks == null ? null : masks.mask();
      Vec values = emitter.output(output);
      if (spec.span() == Span.PART && mask != null) {
        accumulators.get(output).set(values, numbers, mask);
      } else {
        accumulators.get(output).add(values, numbers, mask);
      }
    }

    private void store(int output, Vec value, @Nullable Tail masks) {
      Output target = stage.outputs().get(output);
      if (target.operand() >= 0) {
        operands.get(target.operand()).store(value, column, masks);
      }
    }

    void afterColumns() {
      for (int i = 0; i < accumulators.size(); i++) {
        int operand = stage.outputs().get(i).operand();
        if (operand >= 0) {
          operands.get(operand).storeFolded(accumulators.get(i)::pushFolded, column);
        }
      }
    }
  }
}
