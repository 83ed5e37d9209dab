package nn.cuda.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import nn.backend.Combiner;
import nn.backend.DType;
import nn.cuda.codegen.Access.Along;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Stages that each row of a space runs through on its own. A row has the threads along x, a power
 * of two of them; each keeps its columns in registers from stage to stage. A block has several
 * short rows along y.
 *
 * <p>Arguments: number of rows, of columns, extents of the axes before the last as {@link
 * Coordinates} wants them; then the operands.
 *
 * @param columnsOfThread the most columns that a thread has
 * @param axes number of axes, at least 2; the last are the columns
 * @param gatheredAxis along which gathers look up; -1 for none
 * @param accesses the operands; those of one value a row are {@link Along#UNIFORM}
 */
public record RowsSpec(
    int columnsOfThread, int axes, int gatheredAxis, List<Access> accesses, List<Stage> stages)
    implements KernelSpec {

  public static final String NAME = "rows";

  /** The most threads of a block. */
  public static final int THREADS = 1024;

  private static final int WARPS = THREADS / 32;

  /** Where the value of a leaf comes from. */
  public sealed interface Source {}

  /** An operand. */
  public record Memory(int operand) implements Source {}

  /** What an earlier stage computed. */
  public record Made(int stage, int output) implements Source {}

  /**
   * What becomes of an output.
   *
   * @param type the type that it is rounded to
   * @param operand the operand that takes it; -1 for none
   */
  public record Output(DType type, int operand) {}

  /**
   * A command.
   *
   * @param perRow whether it has one value for each row
   * @param combiners one for each output of a reduction; else none
   * @param number the operand that numbers the columns, for argmax
   */
  public record Stage(
      Program program,
      boolean perRow,
      List<Combiner> combiners,
      Map<Expr, Source> leaves,
      List<Output> outputs,
      int number) {
    boolean isReduction() {
      return !combiners.isEmpty();
    }

    /** Whether there is one value of each output for a row. */
    boolean givesOne() {
      return perRow || isReduction();
    }
  }

  @Override
  public KernelSource source() {
    Code code = new Code();
    for (int s = 0; s < stages.size(); s++) {
      new ProgramCode(stages.get(s).program).emit(code, "compute" + s);
    }
    Coordinates rows = new Coordinates("i", axes - 1);
    List<String> parameters = new ArrayList<>(List.of("unsigned rows", "int columns"));
    rows.parameters().forEach(parameters::add);
    for (int k = 0; k < accesses.size(); k++) {
      parameters.addAll(accesses.get(k).parameters("p" + k, axes, isWritten(k)));
    }
    code.open(
        "extern \"C\" __global__ void __launch_bounds__(%d) %s(%s)",
        THREADS, NAME, String.join(", ", parameters));
    for (int k = 0; k < accesses.size(); k++) {
      accesses.get(k).emitMoves(code, "p" + k);
    }
    CombinerCode.emitShared(
        code, stages.stream().flatMap(stage -> stage.combiners.stream()), WARPS);
    code.line("unsigned stride = gridDim.x * blockDim.y;");
    code.line("unsigned first = blockIdx.x * blockDim.y;");
    // All threads of a block stay together to the end: they exchange values.
    code.open("for (unsigned block = first; block < rows; block += stride)");
    code.line("unsigned row = block + threadIdx.y;");
    code.line("bool active = row < rows;");
    code.line("if (!active) row = rows - 1;");
    rows.emit(code, "row");
    emitLoads(code, rows);
    for (int s = 0; s < stages.size(); s++) {
      new StageCode(code, s).emit();
    }
    code.close().close();
    return KernelSource.combining(NAME, code.toString());
  }

  private boolean isRead(int k) {
    return stages.stream()
        .anyMatch(stage -> stage.number == k || stage.leaves.containsValue(new Memory(k)));
  }

  private boolean isWritten(int k) {
    return stages.stream()
        .anyMatch(stage -> stage.outputs.stream().anyMatch(output -> output.operand == k));
  }

  private boolean isWhole(int k) {
    return accesses.get(k).along() == Along.STRIDED;
  }

  private static void openColumns(Code code, int columnsOfThread) {
    code.line("#pragma unroll");
    code.open("for (int j = 0; j < %d; j++)", columnsOfThread);
    code.line("int column = (int)(threadIdx.x + j * blockDim.x);");
    code.open("if (column < columns)");
  }

  /** Everything that is read, at once: so the loads do not wait for one another. */
  private void emitLoads(Code code, Coordinates rows) {
    for (int k = 0; k < accesses.size(); k++) {
      Access access = accesses.get(k);
      List<String> names = new ArrayList<>(rows.names());
      names.add("0");
      code.line("int a%d = %s;", k, access.address("p" + k, List.copyOf(names), gatheredAxis));
      if (isRead(k)) {
        String shape = isWhole(k) ? "[" + columnsOfThread + "]" : "";
        code.line("%s v%d%s;", access.valueType(), k, shape);
        if (!isWhole(k)) {
          code.line("v%d = %s;", k, access.value("p" + k, "a" + k));
        }
      }
    }
    openColumns(code, columnsOfThread);
    for (int k = 0; k < accesses.size(); k++) {
      if (isRead(k) && isWhole(k)) {
        String address = "(a%d + column * p%d_%d)".formatted(k, k, axes - 1);
        code.line("v%d[j] = %s;", k, accesses.get(k).value("p" + k, address));
      }
    }
    code.close().close();
  }

  /** One stage, written into a kernel. */
  private final class StageCode {
    private final Code code;
    private final int number;
    private final Stage stage;
    private final ProgramCode program;

    StageCode(Code code, int number) {
      this.code = code;
      this.number = number;
      this.stage = stages.get(number);
      this.program = new ProgramCode(stage.program);
    }

    void emit() {
      if (stage.isReduction()) {
        emitReduction();
      } else if (stage.perRow) {
        program.declareOutputs(code, prefix(number), "");
        emitCall("");
        emitResults();
      } else {
        emitWhole();
      }
    }

    private static String prefix(int stage) {
      return "s" + stage + "_";
    }

    private void emitCall(String suffix) {
      List<String> results =
          IntStream.range(0, stage.outputs.size())
              .mapToObj(i -> prefix(number) + i + suffix)
              .toList();
      code.line("%s", program.call("compute" + number, this::value, results));
    }

    private String value(Expr leaf) {
      return switch (Objects.requireNonNull(stage.leaves.get(leaf))) {
        case Memory(int k) -> "v" + k + (isWhole(k) ? "[j]" : "");
        case Made(int s, int output) ->
            prefix(s) + output + (stages.get(s).givesOne() ? "" : "[j]");
      };
    }

    private void emitWhole() {
      program.declareOutputs(code, prefix(number), "[" + columnsOfThread + "]");
      openColumns(code, columnsOfThread);
      emitCall("[j]");
      for (int i = 0; i < stage.outputs.size(); i++) {
        Output output = stage.outputs.get(i);
        String name = prefix(number) + i + "[j]";
        emitRounding(output, name);
        if (output.operand >= 0) {
          int k = output.operand;
          String column = isWhole(k) ? " + column * p%d_%d".formatted(k, axes - 1) : "";
          code.line("if (active) store(p%d + a%d%s, %s);", k, k, column, name);
        }
      }
      code.close().close();
    }

    private void emitRounding(Output output, String name) {
      String pointer =
          new Access(output.type, Along.FIXED, false, Access.Gather.NONE).elementType();
      code.line("%s = stored((const %s*)0, %s);", name, pointer, name);
    }

    private void emitReduction() {
      for (int i = 0; i < stage.combiners.size(); i++) {
        Combiner combiner = stage.combiners.get(i);
        code.line(
            "%s c%d_%d = %s;",
            CombinerCode.type(combiner), number, i, CombinerCode.identity(combiner));
      }
      openColumns(code, columnsOfThread);
      program.declareOutputs(code, prefix(number), "");
      emitCall("");
      for (int i = 0; i < stage.combiners.size(); i++) {
        Combiner combiner = stage.combiners.get(i);
        String counted =
            "v" + stage.number + (stage.number >= 0 && isWhole(stage.number) ? "[j]" : "");
        String mapped = CombinerCode.operand(combiner, prefix(number) + i, counted);
        String kept = "c%d_%d".formatted(number, i);
        code.line("%s = %s(%s, %s);", kept, CombinerCode.function(combiner), kept, mapped);
      }
      code.close().close();
      for (int i = 0; i < stage.combiners.size(); i++) {
        emitCombined(i);
      }
      emitResults();
    }

    private void emitCombined(int i) {
      Combiner combiner = stage.combiners.get(i);
      String type = CombinerCode.type(combiner);
      boolean chooses = combiner == Combiner.ARGMAX;
      code.line(
          "%s %s%d = across<%s, %s>(c%d_%d, %s)%s;",
          chooses ? "int" : "float",
          prefix(number),
          i,
          type,
          CombinerCode.function(combiner),
          number,
          i,
          CombinerCode.shared(combiner),
          chooses ? ".number" : "");
    }

    /** One value of each output for a row, which one thread stores. */
    private void emitResults() {
      for (int i = 0; i < stage.outputs.size(); i++) {
        Output output = stage.outputs.get(i);
        String name = prefix(number) + i;
        emitRounding(output, name);
        if (output.operand >= 0) {
          int k = output.operand;
          code.line("if (active && threadIdx.x == 0) store(p%d + a%d, %s);", k, k, name);
        }
      }
    }
  }
}
