package nn.cuda.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nn.backend.Combiner;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * A program mapped over a space of kept axes and reduced ones, and combined over the latter. A
 * block has a rectangle of threads: along one side the lanes that share the elements of a result,
 * along the other the results. The lanes are the x side where the elements of a result lie next to
 * each other, else the y side. Lanes combine pairwise in a fixed tree; each row of blocks takes a
 * segment of the elements.
 *
 * <p>Arguments: whether lanes are the x side, number of results, number of elements of each,
 * elements of a segment, extents of kept and of reduced axes as {@link Coordinates} wants them;
 * then the operands, with strides for kept axes first.
 *
 * @param kept number of kept axes, at least 1
 * @param reduced number of reduced axes, at least 1
 * @param gatheredAxis along which gathers look up, kept axes counted first; -1 for none
 * @param accesses the operands; outputs that take segments have the first kept axis for them
 * @param leaves the operand of each leaf of the program but constants
 * @param numbers for each argmax the operand that numbers its candidates; else -1
 * @param values for each output the operand that takes the combined value; -1 for none
 * @param winners for each argmax the operand that takes the winner's number; else -1
 */
public record ReduceSpec(
    Program program,
    List<Combiner> combiners,
    int kept,
    int reduced,
    int gatheredAxis,
    List<Access> accesses,
    Map<Expr, Integer> leaves,
    List<Integer> numbers,
    List<Integer> values,
    List<Integer> winners)
    implements KernelSpec {

  public static final String NAME = "reduce";

  /** The most threads of a block. */
  public static final int THREADS = 1024;

  @Override
  public KernelSource source() {
    Code code = new Code();
    ProgramCode program = new ProgramCode(this.program);
    program.emit(code, "compute");
    Coordinates results = new Coordinates("k", kept);
    Coordinates elements = new Coordinates("r", reduced);
    code.open(
        "extern \"C\" __global__ void __launch_bounds__(%d) %s(%s)",
        THREADS, NAME, String.join(", ", parameters(results, elements)));
    for (int k = 0; k < accesses.size(); k++) {
      accesses.get(k).emitMoves(code, "p" + k);
    }
    emitPlace(code);
    CombinerCode.emitShared(code, combiners.stream(), THREADS);
    for (int i = 0; i < combiners.size(); i++) {
      Combiner combiner = combiners.get(i);
      code.line("%s c%d = %s;", CombinerCode.type(combiner), i, CombinerCode.identity(combiner));
    }
    code.open("if (result < results)");
    results.emit(code, "result");
    emitBases(code, results);
    emitMap(code, program, elements);
    code.close();
    for (int i = 0; i < combiners.size(); i++) {
      emitTree(code, i);
    }
    code.open("if (lane == 0 && result < results)");
    results.emit(code, "result");
    for (int i = 0; i < combiners.size(); i++) {
      emitStores(code, i, results);
    }
    code.close().close();
    return KernelSource.combining(NAME, code.toString());
  }

  private List<String> parameters(Coordinates results, Coordinates elements) {
    List<String> parameters =
        new ArrayList<>(
            List.of("int alongX", "unsigned results", "unsigned elements", "unsigned segment"));
    results.parameters().forEach(parameters::add);
    elements.parameters().forEach(parameters::add);
    for (int k = 0; k < accesses.size(); k++) {
      parameters.addAll(accesses.get(k).parameters("p" + k, kept + reduced, isOutput(k)));
      if (isOutput(k)) {
        parameters.add("int p" + k + "segment");
      }
    }
    return parameters;
  }

  /**
   * Whether results are stored there; such an operand also has a stride from segment to segment.
   */
  public boolean isOutput(int k) {
    return values.contains(k) || winners.contains(k);
  }

  private static void emitPlace(Code code) {
    code.line("unsigned lane = alongX ? threadIdx.x : threadIdx.y;");
    code.line("unsigned lanes = alongX ? blockDim.x : blockDim.y;");
    code.line("unsigned apart = alongX ? 1 : blockDim.x;");
    code.line("unsigned self = threadIdx.y * blockDim.x + threadIdx.x;");
    code.line("unsigned result = blockIdx.x * (alongX ? blockDim.y : blockDim.x)");
    code.line("    + (alongX ? threadIdx.y : threadIdx.x);");
  }

  private List<String> only(Coordinates chosen, Coordinates results) {
    Stream<String> first = IntStream.range(0, kept).mapToObj(i -> chosen == results ? "k" + i : "");
    Stream<String> second =
        IntStream.range(0, reduced).mapToObj(i -> chosen == results ? "" : "r" + i);
    return Stream.concat(first, second).toList();
  }

  private void emitBases(Code code, Coordinates results) {
    for (int k = 0; k < accesses.size(); k++) {
      if (!isOutput(k)) {
        String address = accesses.get(k).address("p" + k, only(results, results), gatheredAxis);
        code.line("int b%d = %s;", k, address);
      }
    }
  }

  private void emitMap(Code code, ProgramCode program, Coordinates elements) {
    Coordinates results = new Coordinates("k", kept);
    code.line("unsigned begin = blockIdx.y * segment;");
    code.line("unsigned end = elements - begin < segment ? elements : begin + segment;");
    code.line("#pragma unroll 4");
    code.open("for (unsigned element = begin + lane; element < end; element += lanes)");
    elements.emit(code, "element");
    for (int k = 0; k < accesses.size(); k++) {
      if (!isOutput(k)) {
        Access access = accesses.get(k);
        String further = access.address("p" + k, only(elements, results), gatheredAxis);
        String value = access.value("p" + k, "(b" + k + " + " + further + ")");
        code.line("%s v%d = %s;", access.valueType(), k, value);
      }
    }
    program.declareOutputs(code, "y", "");
    List<String> outputs = IntStream.range(0, combiners.size()).mapToObj(i -> "y" + i).toList();
    code.line(
        "%s",
        program.call("compute", leaf -> "v" + Objects.requireNonNull(leaves.get(leaf)), outputs));
    for (int i = 0; i < combiners.size(); i++) {
      Combiner combiner = combiners.get(i);
      String mapped = CombinerCode.operand(combiner, "y" + i, "v" + numbers.get(i));
      code.line("c%d = %s(c%d, %s);", i, CombinerCode.function(combiner), i, mapped);
    }
    code.close();
  }

  private void emitTree(Code code, int i) {
    Combiner combiner = combiners.get(i);
    String shared = CombinerCode.shared(combiner);
    code.line("__syncthreads();");
    code.line("%s[self] = c%d;", shared, i);
    code.open("for (unsigned half = lanes / 2; half > 0; half /= 2)");
    code.line("__syncthreads();");
    code.open("if (lane < half)");
    code.line(
        "%s[self] = %s(%s[self], %s[self + half * apart]);",
        shared, CombinerCode.function(combiner), shared, shared);
    code.close().close();
    code.line("c%d = %s[self];", i, shared);
  }

  private void emitStores(Code code, int i, Coordinates results) {
    boolean chooses = combiners.get(i) == Combiner.ARGMAX;
    if (values.get(i) >= 0) {
      emitStore(code, values.get(i), "c" + i + (chooses ? ".value" : ""), results);
    }
    if (winners.get(i) >= 0) {
      emitStore(code, winners.get(i), "c" + i + ".number", results);
    }
  }

  private void emitStore(Code code, int k, String value, Coordinates results) {
    String address = accesses.get(k).address("p" + k, only(results, results), gatheredAxis);
    code.line("store(p%d + %s + (int)blockIdx.y * p%dsegment, %s);", k, address, k, value);
  }
}
