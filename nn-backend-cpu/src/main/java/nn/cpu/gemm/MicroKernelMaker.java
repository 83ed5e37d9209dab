package nn.cpu.gemm;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.IntConsumer;
import nn.cpu.codegen.HiddenClass;
import nn.cpu.codegen.Species;
import nn.cpu.gemm.MicroKernelShape.Ending;
import nn.cpu.gemm.MicroKernelShape.Reading;

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
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc SHAPES = ClassDesc.of(Species.class.getName());
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc TILE = ClassDesc.of(Tile.class.getName());
  private static final int TILE_SLOT = 1;

  private final MicroKernelShape shape;
  private final CodeBuilder code;
  private final int sums;
  private final int vectors;

  private final boolean overlaps;

  private final int lanes;
  private int nextSlot = TILE_SLOT + 1;

  private MicroKernelMaker(MicroKernelShape shape, CodeBuilder code) {
    this.shape = shape;
    this.code = code;
    this.sums = slots(shape.rows() * shape.vectors());
    this.vectors = slots(shape.vectors());
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

  private int slots(int count) {
    int first = nextSlot;
    nextSlot += count;
    return first;
  }

  private void emit() {
    start();
    addTerms();
    store();
    code.return_();
  }

  /** Copies a field of the tile into a local variable of its own. */
  private int field(String name, ClassDesc type) {
    int slot = slots(1);
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
    for (int i = 0; i < shape.rows() * shape.vectors(); i++) {
      species().invokestatic(FLOAT_VECTOR, "zero", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES));
      code.astore(sums + i);
    }
  }

  private void loadSums() {
    int from = field("sums", FLOATS);
    int at = field("sumsAt", CD_int);
    int step = field("sumsStep", CD_int);
    for (int i = 0; i < shape.rows(); i++) {
      for (int v = 0; v < shape.vectors(); v++) {
        loadVector(from, at, v * Species.LANES);
        code.astore(sum(i, v));
      }
      code.iload(at).iload(step).iadd().istore(at);
    }
  }

  private void addTerms() {
    Rows a = new Rows();
    Columns b = new Columns();
    int k = field("k", CD_int);
    if (shape.reading() == Reading.ROWS_BY_RUNS) {
      int runs = slots(1);
      a.pushTable();
      code.arraylength().istore(runs);
      loop(
          runs,
          run -> {
            a.turnToRun(run);
            loop(k, p -> addTerm(a, p, b));
          });
    } else {
      loop(k, p -> addTerm(a, p, b));
    }
  }

  private void addTerm(Rows a, int p, Columns b) {
    a.turnTo(p);
    addOuterProduct(a, p, b);
    a.next();
    b.next();
  }

  /** Counts a variable of its own up to a limit. */
  private void loop(int limit, IntConsumer body) {
    int i = slots(1);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(i).labelBinding(next).iload(i).iload(limit).if_icmpge(end);
    body.accept(i);
    code.iinc(i, 1).goto_(next).labelBinding(end);
  }

  /** How B is read: from term to term. */
  private final class Columns {
    private final int array = field("b", FLOATS);
    private final int at = field("bAt", CD_int);
    private final int step = field("bStep", CD_int);

    void load(int vector) {
      species().aload(array);
      placeColumn(at, vector);
      fromArray();
    }

    void next() {
      code.iload(at).iload(step).iadd().istore(at);
    }
  }

  /** How A is read: from each row's own beginning, or from where a term's rows lie. */
  private final class Rows {
    private final boolean byRows = shape.reading().byRows();
    private final boolean byTable = shape.reading() == Reading.COLUMNS_BY_TABLE;
    private final boolean byRuns = shape.reading() == Reading.ROWS_BY_RUNS;
    private final int array = field("a", FLOATS);
    private final int at = field("aAt", CD_int);
    private final int step = field(byRows ? "aRowStep" : "aStep", CD_int);
    private final int table = byTable || byRuns ? field("terms", CD_int.arrayType()) : 0;
    private final int term = byTable || byRuns ? slots(1) : 0;
    private final int rows = byRows ? slots(shape.rows()) : 0;
    private final int rowsOfRun = byRuns ? slots(shape.rows()) : rows;

    Rows() {
      for (int i = 0; byRows && i < shape.rows(); i++) {
        code.iload(at).istore(rows + i);
        code.iload(at).iload(step).iadd().istore(at);
      }
    }

    void pushTable() {
      code.aload(table);
    }

    private void lookUp(int i) {
      code.aload(table).iload(i).iaload().istore(term);
    }

    /**
     * Puts the rows' beginnings to those of a run: what is then added to them is the counter of the
     * loop alone, so that C2 moves the checks of bounds out of it.
     */
    void turnToRun(int run) {
      lookUp(run);
      for (int i = 0; i < shape.rows(); i++) {
        code.iload(rows + i).iload(term).iadd().istore(rowsOfRun + i);
      }
    }

    void turnTo(int p) {
      if (byTable) {
        lookUp(p);
      }
    }

    void load(int row, int p) {
      code.aload(array);
      if (byRows) {
        code.iload(rowsOfRun + row).iload(p).iadd();
      } else {
        place(at, row);
        if (byTable) {
          code.iload(term).iadd();
        }
      }
      code.faload();
    }

    void next() {
      if (!byRows && !byTable) {
        code.iload(at).iload(step).iadd().istore(at);
      }
    }
  }

  private void addOuterProduct(Rows a, int p, Columns b) {
    for (int v = 0; v < shape.vectors(); v++) {
      b.load(v);
      code.astore(vectors + v);
    }
    int x = slots(1);
    for (int i = 0; i < shape.rows(); i++) {
      species();
      a.load(i, p);
      code.invokestatic(
          FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
      code.astore(x);
      for (int v = 0; v < shape.vectors(); v++) {
        code.aload(x).aload(vectors + v).aload(sum(i, v));
        code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
        code.astore(sum(i, v));
      }
    }
  }

  private void store() {
    int c = field("c", FLOATS);
    int at = field("cAt", CD_int);
    int step = field("cStep", CD_int);
    for (int i = 0; i < shape.rows(); i++) {
      for (int v = 0; v < shape.vectors(); v++) {
        code.aload(sum(i, v)).aload(c);
        placeColumn(at, v);
        code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
      }
      code.iload(at).iload(step).iadd().istore(at);
    }
  }

  private int sum(int row, int vector) {
    return sums + row * shape.vectors() + vector;
  }

  private CodeBuilder species() {
    return code.getstatic(SHAPES, "FLOATS", SPECIES);
  }

  private void place(int at, int offset) {
    code.iload(at);
    if (offset != 0) {
      code.loadConstant(offset).iadd();
    }
  }

  private void placeColumn(int at, int vector) {
    if (overlaps && vector == shape.vectors() - 1) {
      place(at, (vector - 1) * Species.LANES);
      code.iload(lanes).iadd();
    } else {
      place(at, vector * Species.LANES);
    }
  }

  private void loadVector(int array, int at, int offset) {
    species().aload(array);
    place(at, offset);
    fromArray();
  }

  private void fromArray() {
    code.invokestatic(
        FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
  }
}
