package nn.cpu.gemm;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import nn.cpu.codegen.HiddenClass;
import nn.cpu.codegen.Species;
import nn.cpu.gemm.MicroKernelShape.Ending;

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
 * <p>So each element of the product is one chain of fused multiply-adds with p ascending, whatever
 * the tiles and blocks.
 */
final class MicroKernelMaker {
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc SHAPES = ClassDesc.of(Species.class.getName());
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc TILE = ClassDesc.of(Tile.class.getName());
  private static final int TILE_SLOT = 1;

  private final MicroKernelShape shape;
  private final CodeBuilder code;
  private final int sums;
  private final int vectors;
  private int nextSlot = TILE_SLOT + 1;

  private MicroKernelMaker(MicroKernelShape shape, CodeBuilder code) {
    this.shape = shape;
    this.code = code;
    this.sums = slots(shape.rows() * shape.vectors());
    this.vectors = slots(shape.vectors());
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
    int b = field("b", FLOATS);
    int bAt = field("bAt", CD_int);
    int bStep = field("bStep", CD_int);
    int k = field("k", CD_int);
    int p = slots(1);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(p).labelBinding(next).iload(p).iload(k).if_icmpge(end);
    addOuterProduct(a, p, b, bAt);
    a.next();
    code.iload(bAt).iload(bStep).iadd().istore(bAt);
    code.iinc(p, 1).goto_(next).labelBinding(end);
  }

  /** How A is read: from each row's own beginning, or from where a term's rows lie. */
  private final class Rows {
    private final boolean byRows = shape.reading().byRows();
    private final boolean byTable = shape.reading().byTable();
    private final int array = field("a", FLOATS);
    private final int at = field("aAt", CD_int);
    private final int step = field(byRows ? "aRowStep" : "aStep", CD_int);
    private final int table = byTable ? field("terms", CD_int.arrayType()) : 0;
    private final int term = byTable ? slots(1) : 0;
    private final int rows = byRows ? slots(shape.rows()) : 0;

    Rows() {
      for (int i = 0; byRows && i < shape.rows(); i++) {
        code.iload(at).istore(rows + i);
        code.iload(at).iload(step).iadd().istore(at);
      }
    }

    void turnTo(int p) {
      if (byTable) {
        code.aload(table).iload(p).iaload().istore(term);
      }
    }

    void load(int row, int p) {
      code.aload(array);
      if (byRows) {
        code.iload(rows + row).iload(byTable ? term : p).iadd();
      } else if (byTable) {
        place(at, row);
        code.iload(term).iadd();
      } else {
        place(at, row);
      }
      code.faload();
    }

    void next() {
      if (!byRows && !byTable) {
        code.iload(at).iload(step).iadd().istore(at);
      }
    }
  }

  private void addOuterProduct(Rows a, int p, int b, int bAt) {
    a.turnTo(p);
    for (int v = 0; v < shape.vectors(); v++) {
      loadVector(b, bAt, v * Species.LANES);
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
    boolean part = shape.ending() == Ending.STORE_PART;
    int mask = part ? lastMask() : 0;
    MethodTypeDesc whole = MethodTypeDesc.of(CD_void, FLOATS, CD_int);
    MethodTypeDesc masked = MethodTypeDesc.of(CD_void, FLOATS, CD_int, MASK);
    for (int i = 0; i < shape.rows(); i++) {
      for (int v = 0; v < shape.vectors(); v++) {
        code.aload(sum(i, v)).aload(c);
        place(at, v * Species.LANES);
        if (part && v == shape.vectors() - 1) {
          code.aload(mask).invokevirtual(FLOAT_VECTOR, "intoArray", masked);
        } else {
          code.invokevirtual(FLOAT_VECTOR, "intoArray", whole);
        }
      }
      code.iload(at).iload(step).iadd().istore(at);
    }
  }

  /** The mask of the lanes of a row's last vector that belong to C. */
  private int lastMask() {
    int mask = slots(1);
    species().iconst_0();
    code.aload(TILE_SLOT).getfield(TILE, "lanes", CD_int);
    code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
    code.astore(mask);
    return mask;
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

  private void loadVector(int array, int at, int offset) {
    species().aload(array);
    place(at, offset);
    code.invokestatic(
        FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
  }
}
