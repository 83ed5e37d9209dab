package nn.cpu.codegen;

import static java.lang.constant.ConstantDescs.CD_Float;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import nn.backend.DType;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Elements.Tail;
import nn.expr.Type;

/** What kernels have in common: parameters, operands, counted loops. */
abstract sealed class KernelCode permits RowKernel, ColumnKernel {
  /** The method {@link Kernel#run}. */
  static final MethodTypeDesc DESCRIPTOR =
      MethodTypeDesc.of(
          CD_void, CD_Object.arrayType(), CD_int.arrayType(), CD_int, CD_int, CD_int, CD_int);

  static final int ROW_FROM = 3;
  static final int ROW_TO = 4;
  static final int COLUMN_FROM = 5;
  static final int COLUMN_TO = 6;
  private static final int ARRAYS = 1;
  private static final int NUMBERS = 2;
  private static final int FIRST_FREE = 7;

  private static final MethodTypeDesc BITS_TO_FLOAT = MethodTypeDesc.of(CD_float, CD_int);

  /** A step's rate: once for a call, for each row, or for each vector of columns. */
  static final int CALL = 0;

  static final int ROW = 1;

  static final int ELEMENT = 2;

  final CodeBuilder code;
  final VectorCode v;
  final KernelSpec spec;
  final List<OperandCode> operands = new ArrayList<>();
  final List<Vec> parameters = new ArrayList<>();
  private final Elements elements;
  private final int scratch;

  KernelCode(CodeBuilder code, KernelSpec spec) {
    this.code = code;
    this.spec = spec;
    this.v = new VectorCode(code, FIRST_FREE);
    this.scratch = v.newSlot();
    this.elements = new Elements(v, scratch);
    for (Access access : spec.operands()) {
      operands.add(new OperandCode(v, elements, access, operands));
    }
  }

  static void emit(CodeBuilder code, KernelSpec spec) {
    KernelCode kernel =
        switch (spec.form()) {
          case ROWS -> new RowKernel(code, spec);
          case COLUMNS -> new ColumnKernel(code, spec);
        };
    kernel.emit();
  }

  private void emit() {
    v.withConstants(() -> {
      code.aload(ARRAYS)
          .loadConstant(Kernel.ARRAYS * operands.size())
          .aaload()
          .checkcast(CD_int.arrayType())
          .astore(scratch);
      operands.forEach(OperandCode::bind);
      bindParameters();
      emitLoops();
    });
    code.return_();
  }

  private void bindParameters() {
    for (int i = 0; i < spec.parameters(); i++) {
      int place = Kernel.NUMBERS * operands.size() + i;
      parameters.add(
          v.broadcast(
              Type.FLOAT,
              () ->
                  code.aload(NUMBERS)
                      .loadConstant(place)
                      .iaload()
                      .invokestatic(CD_Float, "intBitsToFloat", BITS_TO_FLOAT)));
    }
  }

  /** The loops over rows and columns. */
  abstract void emitLoops();

  Elements elements() {
    return elements;
  }

  /** {@code for (int i = from; i + step <= to; i += step)} over local variables. */
  void loop(int from, int to, int step, IntConsumer body) {
    int i = v.newSlot();
    code.iload(from).istore(i);
    loopFrom(i, to, step, () -> body.accept(i));
  }

  /** Such a loop over a variable that has its first value already and keeps its last one. */
  void loopFrom(int i, int to, int step, Runnable body) {
    int last = v.newSlot();
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iload(to).loadConstant(step - 1).isub().istore(last);
    code.labelBinding(top).iload(i).iload(last).if_icmpge(end);
    body.run();
    code.iinc(i, step).goto_(top).labelBinding(end);
  }

  /** What masks are needed for at the columns from a variable's value to the end. */
  Tail tail(int from) {
    Set<DType> types = EnumSet.noneOf(DType.class);
    for (Stage stage : spec.stages()) {
      if (stage.isReduction() && spec.form() == KernelSpec.Form.ROWS) {
        types.add(DType.F32); // of what the other lanes count for
      }
      stage.outputs().stream()
          .filter(output -> output.operand() >= 0)
          .map(output -> spec.operands().get(output.operand()))
          .filter(access -> access.along() == Along.CONTIGUOUS)
          .map(Access::type)
          .filter(type -> type != null && !Elements.needsScratch(type, false))
          .forEach(types::add);
    }
    return elements.tail(() -> code.iload(COLUMN_TO).iload(from).isub(), types);
  }
}
