package nn.cpu.codegen;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.List;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Elements.Tail;
import nn.cpu.codegen.KernelSpec.Phase;
import nn.cpu.codegen.OperandCode.Column;
import nn.cpu.codegen.Stage.Made;
import nn.cpu.codegen.Stage.Memory;
import nn.cpu.codegen.Stage.Output;
import nn.expr.Expr;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Emits a kernel that goes row after row:
 *
 * <pre>
 *   for each row
 *     for each phase
 *       for all stages: what is the same for the whole row
 *       for each vector of columns: all stages
 *       for the last, ragged one, with masks: all stages
 *       for reductions: fold the lanes, store
 * </pre>
 */
final class RowKernel extends KernelCode {
  private final List<StageCode> stages = new ArrayList<>();
  private final int column;
  private final int bound;
  private @Nullable Tail tail;

  RowKernel(CodeBuilder code, KernelSpec spec) {
    super(code, spec);
    this.column = v.newSlot();
    this.bound = v.newSlot();
  }

  @Override
  void emitLoops() {
    int lanes = Species.LANES;
    code.iload(COLUMN_TO).iload(COLUMN_TO).iload(COLUMN_FROM).isub();
    code.loadConstant(lanes - 1).iand().isub().istore(bound);
    tail = spec.phases().stream().allMatch(Phase::perRow) ? null : tail(bound);
    loop(
        ROW_FROM,
        ROW_TO,
        1,
        row -> {
          operands.forEach(operand -> operand.startRow(row));
          spec.phases().forEach(this::emit);
        });
  }

  private void emit(Phase phase) {
    List<StageCode> own = new ArrayList<>();
    for (Stage stage : phase.stages()) {
      StageCode made = new StageCode(stage, stages.size() - own.size());
      own.add(made);
      stages.add(made);
    }
    code.iload(COLUMN_FROM).istore(column);
    own.forEach(StageCode::beforeColumns);
    if (phase.perRow()) {
      own.forEach(stage -> stage.results(null));
      return;
    }
    loopFrom(column, bound, Species.LANES, () -> columns(own, null));
    Label end = code.newLabel();
    code.iload(column).iload(COLUMN_TO).if_icmpge(end);
    columns(own, tail);
    code.labelBinding(end);
    own.forEach(StageCode::afterColumns);
  }

  private void columns(List<StageCode> own, @Nullable Tail masks) {
    v.scoped(
        () -> {
          for (StageCode stage : own) {
            stage.tail = masks;
            stage.emitter.emit(ELEMENT);
            stage.results(masks);
          }
        });
  }

  /** One stage of the phase that is being emitted, or of an earlier one. */
  private final class StageCode implements ProgramEmitter.Leaves {
    private final Stage stage;
    private final int firstOfPhase;
    private final ProgramEmitter emitter;
    private final List<Accumulator> accumulators = new ArrayList<>();
    private @Nullable Tail tail;

    StageCode(Stage stage, int firstOfPhase) {
      this.stage = stage;
      this.firstOfPhase = firstOfPhase;
      this.emitter = new ProgramEmitter(v, stage.program(), this);
    }

    @Override
    public int rate(Expr leaf) {
      return switch (stage.leaves().get(leaf)) {
        case Memory(int operand) ->
            operands.get(operand).access().along() == Along.BROADCAST ? ROW : ELEMENT;
        case Made(int maker, int output) ->
            maker < firstOfPhase || stages.get(maker).isRowValue(output) ? ROW : ELEMENT;
      };
    }

    private boolean isRowValue(int output) {
      return stage.isReduction() || emitter.outputRate(output) < ELEMENT;
    }

    @Override
    public Vec value(Expr leaf) {
      return switch (stage.leaves().get(leaf)) {
        case Memory(int operand) -> load(operand, leaf.type());
        case Made(int maker, int output) -> stages.get(maker).made(output, leaf.type());
      };
    }

    private Vec load(int operand, Type wanted) {
      return operands.get(operand).load(wanted, new Column(column, 0), tail);
    }

    private Vec made(int output, Type wanted) {
      Vec raw = stage.isReduction() ? accumulators.get(output).result() : emitter.output(output);
      return elements().readBack(stage.outputs().get(output).type(), wanted, raw);
    }

    void beforeColumns() {
      stage.combiners().forEach(combiner -> accumulators.add(new Accumulator(v, combiner)));
      accumulators.forEach(Accumulator::start);
      emitter.emitUpTo(ROW);
    }

    /** Stores or combines what was computed for a vector of columns, or for the row. */
    void results(@Nullable Tail masks) {
      for (int i = 0; i < stage.outputs().size(); i++) {
        Vec result = emitter.output(i);
        if (stage.isReduction()) {
          Vec numbers = stage.number() < 0 ? null : load(stage.number(), Type.INT);
          accumulators.get(i).add(result, numbers, masks == null ? null : masks.mask());
        } else {
          store(stage.outputs().get(i), result, masks);
        }
      }
    }

    private void store(Output output, Vec result, @Nullable Tail masks) {
      if (output.operand() >= 0) {
        operands.get(output.operand()).store(result, new Column(column, 0), masks);
      }
    }

    void afterColumns() {
      for (int i = 0; i < accumulators.size(); i++) {
        Accumulator accumulator = accumulators.get(i);
        v.scoped(accumulator::fold);
        store(stage.outputs().get(i), accumulator.result(), null);
      }
    }
  }
}
