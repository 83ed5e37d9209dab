package nn.cuda.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import nn.cuda.codegen.Access.Along;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * A program at every element of a space. Threads take elements, or four neighbours along the last
 * axis at once, with a stride of the whole grid.
 *
 * <p>Arguments: number of threads' places, extent of the last axis, the other extents as {@link
 * Coordinates} wants them, with the last axis counted in places; then the operands.
 *
 * @param width elements of the last axis that a thread takes at once: 1 or 4
 * @param axes number of axes, at least 1
 * @param gatheredAxis along which gathers look up; -1 for none
 * @param accesses the operands
 * @param leaves the operand of each leaf of the program but constants
 * @param outputs the operand that takes each output
 */
public record ElementwiseSpec(
    Program program,
    int width,
    int axes,
    int gatheredAxis,
    List<Access> accesses,
    Map<Expr, Integer> leaves,
    List<Integer> outputs)
    implements KernelSpec {

  public static final String NAME = "elementwise";

  /** The most threads of a block. */
  public static final int THREADS = 256;

  @Override
  public KernelSource source() {
    Code code = new Code();
    ProgramCode program = new ProgramCode(this.program);
    program.emit(code, "compute");
    Coordinates coordinates = new Coordinates("i", axes);
    List<String> parameters = new ArrayList<>(List.of("unsigned count", "int columns"));
    coordinates.parameters().forEach(parameters::add);
    for (int k = 0; k < accesses.size(); k++) {
      parameters.addAll(accesses.get(k).parameters("p" + k, axes, outputs.contains(k)));
    }
    code.open(
        "extern \"C\" __global__ void __launch_bounds__(%d) %s(%s)",
        THREADS, NAME, String.join(", ", parameters));
    for (int k = 0; k < accesses.size(); k++) {
      accesses.get(k).emitMoves(code, "p" + k);
    }
    emitFixed(code);
    code.line("unsigned first = blockIdx.x * blockDim.x + threadIdx.x;");
    code.open("for (unsigned t = first; t < count; t += gridDim.x * blockDim.x)");
    coordinates.emit(code, "t");
    emitAddresses(code);
    if (width == 1) {
      emitElement(code, program, "");
    } else {
      emitFour(code, program);
    }
    code.close().close();
    return KernelSource.of(NAME, code.toString());
  }

  private boolean isRead(int k) {
    return leaves.containsValue(k);
  }

  private boolean isFixed(int k) {
    return accesses.get(k).along() == Along.FIXED;
  }

  /** What is the same for all elements is loaded once; an output among them is its own element. */
  private void emitFixed(Code code) {
    for (int k = 0; k < accesses.size(); k++) {
      if (isFixed(k) && isRead(k)) {
        Access access = accesses.get(k);
        code.line("%s v%d = %s;", access.valueType(), k, access.value("p" + k, "0"));
      }
    }
  }

  private void emitAddresses(Code code) {
    String last = "i" + (axes - 1);
    if (width > 1) {
      code.line("%s *= %d;", last, width);
    }
    List<String> names = new Coordinates("i", axes).names();
    for (int k = 0; k < accesses.size(); k++) {
      if (!isFixed(k)) {
        code.line("int a%d = %s;", k, accesses.get(k).address("p" + k, names, gatheredAxis));
      }
    }
  }

  private String valueOf(Expr leaf) {
    return "v" + Objects.requireNonNull(leaves.get(leaf));
  }

  private List<String> results(String suffix) {
    return IntStream.range(0, outputs.size()).mapToObj(i -> "y" + i + suffix).toList();
  }

  /** One element, perhaps some elements further along the last axis. */
  private void emitElement(Code code, ProgramCode program, String further) {
    for (int k = 0; k < accesses.size(); k++) {
      if (isRead(k) && !isFixed(k)) {
        Access access = accesses.get(k);
        String value = access.value("p" + k, address(k, further));
        code.line("%s v%d = %s;", access.valueType(), k, value);
      }
    }
    program.declareOutputs(code, "y", "");
    code.line("%s", program.call("compute", this::valueOf, results("")));
    for (int i = 0; i < outputs.size(); i++) {
      int k = outputs.get(i);
      code.line("store(p%d + %s, y%d);", k, address(k, further), i);
    }
  }

  private String address(int k, String further) {
    String base = isFixed(k) ? "0" : "a" + k;
    return switch (accesses.get(k).along()) {
      case FIXED, UNIFORM -> base;
      case VECTOR -> further.isEmpty() ? base : base + " + " + further;
      case STRIDED ->
          further.isEmpty() ? base : "%s + %s * p%d_%d".formatted(base, further, k, axes - 1);
    };
  }

  private void emitFour(Code code, ProgramCode program) {
    code.open("if (i%d + %d <= columns)", axes - 1, width);
    for (int k = 0; k < accesses.size(); k++) {
      if (isRead(k) && !isFixed(k)) {
        emitLoad(code, k);
      }
    }
    program.declareOutputs(code, "y", "[4]");
    code.line("#pragma unroll");
    code.open("for (int j = 0; j < 4; j++)");
    code.line("%s", program.call("compute", this::lane, results("[j]")));
    code.close();
    for (int i = 0; i < outputs.size(); i++) {
      int k = outputs.get(i);
      if (accesses.get(k).along() == Along.VECTOR) {
        code.line("store4(p%d + a%d, y%d);", k, k, i);
      } else {
        code.line("#pragma unroll");
        code.line("for (int j = 0; j < 4; j++) store(p%d + %s, y%d[j]);", k, address(k, "j"), i);
      }
    }
    code.otherwise();
    code.open("for (int j = 0; i%d + j < columns; j++)", axes - 1);
    emitElement(code, program, "j");
    code.close().close();
  }

  private void emitLoad(Code code, int k) {
    Access access = accesses.get(k);
    String type = access.valueType();
    switch (access.along()) {
      case VECTOR -> code.line("%s v%d[4]; load4(p%d + a%d, v%d);", type, k, k, k, k);
      case UNIFORM -> code.line("%s v%d = %s;", type, k, access.value("p" + k, "a" + k));
      default -> {
        code.line("%s v%d[4];", type, k);
        code.line("#pragma unroll");
        code.line(
            "for (int j = 0; j < 4; j++) v%d[j] = %s;",
            k, access.value("p" + k, "(" + address(k, "j") + ")"));
      }
    }
  }

  /** A leaf's value for the j-th of four elements. */
  private String lane(Expr leaf) {
    int k = Objects.requireNonNull(leaves.get(leaf));
    Along along = accesses.get(k).along();
    return along == Along.FIXED || along == Along.UNIFORM ? "v" + k : "v" + k + "[j]";
  }
}
