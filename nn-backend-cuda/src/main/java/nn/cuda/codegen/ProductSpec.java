package nn.cuda.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * A product of small matrices with its epilogue. A block computes a tile of the result; its warps
 * share the steps of the sums, since a small result has too few tiles to fill a card, and add up
 * their parts in a fixed order. Factors pass through shared memory in slices, the next one on its
 * way while one is multiplied.
 *
 * <p>Arguments: m, n, k; whether rows of a, and whether columns of b, are contiguous; the factors;
 * then the operands of the epilogue.
 *
 * @param a how the left factor is reached, over (m, k)
 * @param b how the right factor is reached, over (k, n)
 * @param accesses the operands of the epilogue, over (m, n)
 * @param leaves the operand of each leaf of the program but constants; -1 for the product
 * @param outputs the operand that takes each output
 */
public record ProductSpec(
    Program program,
    Access a,
    Access b,
    List<Access> accesses,
    Map<Expr, Integer> leaves,
    List<Integer> outputs)
    implements KernelSpec {

  public static final String NAME = "product";

  /** Rows and columns of a block's tile. */
  public static final int TILE = 16;

  /** Threads of a block: one for each element of the tile, in the end. */
  public static final int THREADS = TILE * TILE;

  private static final int WARPS = THREADS / 32;

  /** Blocks that have to fit a multiprocessor at once, which limits their registers. */
  private static final int BLOCKS = 3;

  /** Steps of the sums in shared memory at once. */
  private static final int SLICE = 128;

  /** Elements of a factor's slice that a thread fetches. */
  private static final int FETCHED = SLICE * TILE / THREADS;

  /** A row of a slice in shared memory; odd, so that a column spreads over all banks. */
  private static final int PITCH = TILE + 1;

  @Override
  public KernelSource source() {
    Code code = new Code();
    ProgramCode program = new ProgramCode(this.program);
    program.emit(code, "compute");
    List<String> parameters =
        new ArrayList<>(List.of("int m", "int n", "int k", "int alongA", "int alongB"));
    parameters.addAll(a.parameters("a", 2, false));
    parameters.addAll(b.parameters("b", 2, false));
    for (int i = 0; i < accesses.size(); i++) {
      parameters.addAll(accesses.get(i).parameters("p" + i, 2, outputs.contains(i)));
    }
    code.open(
        "extern \"C\" __global__ void __launch_bounds__(%d, %d) %s(%s)",
        THREADS, BLOCKS, NAME, String.join(", ", parameters));
    a.emitMoves(code, "a");
    b.emitMoves(code, "b");
    for (int i = 0; i < accesses.size(); i++) {
      accesses.get(i).emitMoves(code, "p" + i);
    }
    code.line("__shared__ float as[%d];", SLICE * PITCH);
    code.line("__shared__ float bs[%d];", SLICE * PITCH);
    code.line("int thread = (int)threadIdx.x;");
    code.line("int tiles = (n + %d) / %d;", TILE - 1, TILE);
    code.line("int row = (int)blockIdx.x / tiles * %d;", TILE);
    code.line("int column = (int)blockIdx.x %% tiles * %d;", TILE);
    emitSums(code);
    emitTotal(code);
    emitEpilogue(code, program);
    code.close();
    return KernelSource.of(NAME, code.toString());
  }

  /** Each lane has 2 x 4 elements of the tile, each warp every {@value #WARPS}th step. */
  private void emitSums(Code code) {
    code.line("int warp = thread / 32;");
    code.line("int top = thread %% 32 / 4 * 2;");
    code.line("int left = thread %% 4 * 4;");
    code.line("float sums[2][4] = {};");
    code.line("float nextA[%d], nextB[%d];", FETCHED, FETCHED);
    emitFetch(code, "0");
    code.open("for (int base = 0; base < k; base += %d)", SLICE);
    code.line("__syncthreads();");
    code.line("#pragma unroll");
    code.open("for (int i = 0; i < %d; i++)", FETCHED);
    code.line("int e = thread + i * %d;", THREADS);
    code.line("as[%s] = nextA[i];", place("alongA"));
    code.line("bs[%s] = nextB[i];", place("alongB"));
    code.close();
    code.line("__syncthreads();");
    code.open("if (base + %d < k)", SLICE);
    emitFetch(code, "base + " + SLICE);
    code.close();
    code.line("int steps = k - base < %d ? k - base : %d;", SLICE, SLICE);
    code.line("#pragma unroll 4");
    code.open("for (int step = warp; step < steps; step += %d)", WARPS);
    code.line("const float* x = as + step * %d + top;", PITCH);
    code.line("const float* y = bs + step * %d + left;", PITCH);
    code.line("#pragma unroll");
    code.open("for (int j = 0; j < 4; j++)");
    code.line("sums[0][j] = fmaf(x[0], y[j], sums[0][j]);");
    code.line("sums[1][j] = fmaf(x[1], y[j], sums[1][j]);");
    code.close().close().close();
  }

  /** Where the e-th element that is fetched belongs in shared memory: [step, row or column]. */
  private static String place(String along) {
    return "%s ? e %% %d * %d + e / %d : e / %d * %d + e %% %d"
        .formatted(along, SLICE, PITCH, SLICE, TILE, PITCH, TILE);
  }

  /** Neighbouring threads fetch neighbours in memory: along the steps, or across them. */
  private void emitFetch(Code code, String base) {
    code.line("#pragma unroll");
    code.open("for (int i = 0; i < %d; i++)", FETCHED);
    code.line("int e = thread + i * %d;", THREADS);
    code.line("int stepA = %s + (alongA ? e %% %d : e / %d);", base, SLICE, TILE);
    code.line("int r = row + (alongA ? e / %d : e %% %d);", SLICE, TILE);
    code.line("int stepB = %s + (alongB ? e %% %d : e / %d);", base, SLICE, TILE);
    code.line("int c = column + (alongB ? e / %d : e %% %d);", SLICE, TILE);
    String fromA = a.value("a", "(" + a.address("a", List.of("r", "stepA"), -1) + ")");
    String fromB = b.value("b", "(" + b.address("b", List.of("stepB", "c"), -1) + ")");
    code.line("nextA[i] = r < m && stepA < k ? %s : 0.0f;", fromA);
    code.line("nextB[i] = c < n && stepB < k ? %s : 0.0f;", fromB);
    code.close();
  }

  private static void emitTotal(Code code) {
    code.line("__syncthreads();");
    code.line("#pragma unroll");
    code.open("for (int j = 0; j < 4; j++)");
    code.line("as[warp * %d + top * %d + left + j] = sums[0][j];", THREADS, TILE);
    code.line("as[warp * %d + (top + 1) * %d + left + j] = sums[1][j];", THREADS, TILE);
    code.close();
    code.line("__syncthreads();");
    code.line("float total = 0.0f;");
    code.line("#pragma unroll");
    code.line("for (int w = 0; w < %d; w++) total += as[w * %d + thread];", WARPS, THREADS);
  }

  private void emitEpilogue(Code code, ProgramCode program) {
    code.line("int i0 = row + thread / %d;", TILE);
    code.line("int i1 = column + thread %% %d;", TILE);
    code.open("if (i0 < m && i1 < n)");
    for (int i = 0; i < accesses.size(); i++) {
      Access access = accesses.get(i);
      code.line("int a%d = %s;", i, access.address("p" + i, List.of("i0", "i1"), -1));
      if (leaves.containsValue(i)) {
        code.line("%s v%d = %s;", access.valueType(), i, access.value("p" + i, "a" + i));
      }
    }
    program.declareOutputs(code, "y", "");
    List<String> results = IntStream.range(0, outputs.size()).mapToObj(i -> "y" + i).toList();
    code.line("%s", program.call("compute", this::value, results));
    for (int i = 0; i < outputs.size(); i++) {
      int k = outputs.get(i);
      code.line("store(p%d + a%d, y%d);", k, k, i);
    }
    code.close();
  }

  private String value(Expr leaf) {
    int operand = Objects.requireNonNull(leaves.get(leaf));
    return operand < 0 ? "total" : "v" + operand;
  }
}
