package nn.cpu.gemm;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import nn.cpu.codegen.FloatCode;
import nn.cpu.codegen.HiddenClass;
import nn.cpu.codegen.Species;
import nn.cpu.gemm.MicroKernelShape.Ending;
import nn.cpu.gemm.MicroKernelShape.Order;

/**
 * Writes a micro-kernel as bytecode, with every sum in a local variable of its own, which C2 keeps
 * in a vector register:
 *
 * <pre>
 *   sum[i][v] = 0, or an earlier sum
 *   for p in 0 until k:
 *     for v: b[v] = B[p, v-th vector]
 *     for i: x = broadcast A[i, p]
 *            for v: sum[i][v] = fma(x, b[v], sum[i][v])
 *   store sum[i][v]
 * </pre>
 *
 * <p>Where A's terms lie in several runs there is a loop over the runs around it. So each element
 * of the product is one chain of fused multiply-adds with p ascending, whatever the tiles and
 * blocks.
 */
final class MicroKernelMaker {
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc TILE = ClassDesc.of(Tile.class.getName());
  private static final int TILE_SLOT = 1;

  private final MicroKernelShape shape;
  private final CodeBuilder code;
  private final FloatCode floats;
  private final int sums;
  private final int vectors;
  private final boolean overlaps;
  private final int lanes;

  private MicroKernelMaker(MicroKernelShape shape, CodeBuilder code) {
    this.shape = shape;
    this.code = code;
    this.floats = new FloatCode(code, TILE_SLOT + 1);
    this.sums = floats.slots(shape.rows() * shape.vectors());
    this.vectors = floats.slots(shape.vectors());
    this.overlaps = shape.ending() == Ending.STORE_OVERLAPPING;
    this.lanes = overlaps ? field("lanes", CD_int) : 0;
  }

  /** A kernel of this shape. */
  static MicroKernel make(MicroKernelShape shape) {
    return HiddenClass.make(
        MethodHandles.lookup(),
        shape.name(),
        MicroKernel.class,
        "run",
        MethodTypeDesc.of(CD_void, TILE),
        code -> new MicroKernelMaker(shape, code).emit());
  }

  private void emit() {
    start();
    addTerms();
    store();
    code.return_();
  }

  /** Copies a field of the tile into a local variable of its own. */
  private int field(String name, ClassDesc type) {
    int slot = floats.slots(1);
    code.aload(TILE_SLOT).getfield(TILE, name, type);
    if (type == CD_int) {
      code.istore(slot);
    } else {
      code.astore(slot);
    }
    return slot;
  }

  private void start() {
    if (shape.adds()) {
      loadSums();
      return;
    }
    floats.zero(sums, shape.rows() * shape.vectors());
  }

  private void loadSums() {
    int from = field("sums", FLOATS);
    int at = field("sumsAt", CD_int);
    int step = field("sumsStep", CD_int);
    for (int i = 0; i < shape.rows(); i++) {
      for (int v = 0; v < shape.vectors(); v++) {
        floats.load(from, at, v * Species.LANES);
        code.astore(sum(i, v));
      }
      code.iload(at).iload(step).iadd().istore(at);
    }
  }

  private void addTerms() {
    Rows a = new Rows();
    Columns b = new Columns();
    int k = field("k", CD_int);
    if (shape.addressing().byRuns()) {
      int runs = floats.slots(1);
      a.pushTable();
      code.arraylength().istore(runs);
      floats.loop(
          runs,
          run -> {
            a.lookUp(run);
            floats.loop(k, p -> addTerm(a, p, b));
            b.skip(k);
          });
    } else {
      floats.loop(k, p -> addTerm(a, p, b));
    }
  }

  private void addTerm(Rows a, int p, Columns b) {
    a.turnTo(p);
    b.turnTo(p);
    addOuterProduct(a, p, b);
    a.next();
    b.next();
  }

  /** How B is read: from term to term. */
  private final class Columns {
    private final boolean packed = shape.addressing().packedB();
    private final int width = shape.vectors() * Species.LANES;
    private final int array = field("b", FLOATS);
    private final int at = field("bAt", CD_int);
    private final int step = packed ? 0 : field("bStep", CD_int);
    private final int place = packed ? floats.slots(1) : at;

    /** Goes to a term; where B is packed C2 checks the bounds of all of them before the loop. */
    void turnTo(int p) {
      if (packed) {
        code.iload(at).iload(p).loadConstant(width).imul().iadd().istore(place);
      }
      floats.within(array, place, width);
    }

    void load(int vector) {
      floats.load(array, () -> placeColumn(place, vector));
    }

    void next() {
      if (!packed) {
        code.iload(at).iload(step).iadd().istore(at);
      }
    }

    /** Goes on behind so many terms. */
    void skip(int terms) {
      if (packed) {
        code.iload(at).iload(terms).loadConstant(width).imul().iadd().istore(at);
      }
    }
  }

  /** How A is read: from each row's own beginning, or from where a term's rows lie. */
  private final class Rows {
    private final Order order = shape.addressing().order();
    private final boolean byRows = order == Order.ROWS;
    private final boolean byTable = order == Order.COLUMNS_BY_TABLE;
    private final boolean byRuns = order == Order.ROWS_BY_RUNS;
    private final int array = field("a", FLOATS);
    private final int at = field("aAt", CD_int);
    private final int step = byRuns ? 0 : field(byRows ? "aRowStep" : "aStep", CD_int);
    private final int table = byTable || byRuns ? field("terms", CD_int.arrayType()) : 0;
    private final int place = byTable || byRuns ? floats.slots(1) : at;
    private final int rows = byRows ? floats.slots(shape.rows()) : 0;

    Rows() {
      for (int i = 0; byRows && i < shape.rows(); i++) {
        code.iload(at).istore(rows + i);
        code.iload(at).iload(step).iadd().istore(at);
      }
    }

    void pushTable() {
      code.aload(table);
    }

    /** Goes to where a run, or a term's rows, begin. */
    void lookUp(int i) {
      code.iload(at).aload(table).iload(i).iaload().iadd().istore(place);
    }

    void turnTo(int p) {
      if (byTable) {
        lookUp(p);
      }
    }

    /**
     * Rows that lie a constant apart have one address, and C2 checks the bounds of all together.
     */
    void load(int row, int p) {
      code.aload(array);
      if (byRows) {
        code.iload(rows + row).iload(p).iadd();
      } else if (byRuns) {
        code.iload(place).iload(p).iadd();
        code.loadConstant(row * shape.addressing().rowOfA()).iadd();
      } else {
        floats.place(place, row);
      }
      code.faload();
    }

    void next() {
      if (order == Order.COLUMNS) {
        code.iload(at).iload(step).iadd().istore(at);
      }
    }
  }

  private void addOuterProduct(Rows a, int p, Columns b) {
    for (int v = 0; v < shape.vectors(); v++) {
      b.load(v);
      code.astore(vectors + v);
    }
    int x = floats.slots(1);
    for (int i = 0; i < shape.rows(); i++) {
      int row = i;
      floats.broadcast(() -> a.load(row, p));
      code.astore(x);
      for (int v = 0; v < shape.vectors(); v++) {
        code.aload(x).aload(vectors + v).aload(sum(i, v));
        floats.fma();
        code.astore(sum(i, v));
      }
    }
  }

  private void store() {
    int c = field("c", FLOATS);
    int at = field("cAt", CD_int);
    int constant = shape.addressing().rowOfC();
    int step = constant > 0 ? 0 : field("cStep", CD_int);
    for (int i = 0; i < shape.rows(); i++) {
      int row = i;
      for (int v = 0; v < shape.vectors(); v++) {
        int column = v;
        code.aload(sum(i, v));
        floats.store(
            c,
            () -> {
              placeColumn(at, column);
              if (constant > 0) {
                code.loadConstant(row * constant).iadd();
              }
            });
      }
      if (constant == 0) {
        code.iload(at).iload(step).iadd().istore(at);
      }
    }
  }

  private int sum(int row, int vector) {
    return sums + row * shape.vectors() + vector;
  }

  private void placeColumn(int at, int vector) {
    if (overlaps && vector == shape.vectors() - 1) {
      floats.place(at, (vector - 1) * Species.LANES);
      code.iload(lanes).iadd();
    } else {
      floats.place(at, vector * Species.LANES);
    }
  }
}
