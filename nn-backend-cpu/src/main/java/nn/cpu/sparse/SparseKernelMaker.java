package nn.cpu.sparse;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import nn.backend.SparseGemm.Direction;
import nn.cpu.codegen.HiddenClass;
import nn.cpu.codegen.Species;

/**
 * Writes a {@link SparseKernel} as bytecode, with the columns in local variables, which C2 keeps in
 * vector registers:
 *
 * <pre>
 *   for v: column[v] = columns[v-th vector]
 *   for each window:
 *     x = broadcast its value
 *     for v: column[v] = fma(x, images[pixel + distance[v]], column[v])
 *        or: images[pixel + distance[v]] = fma(x, column[v], images[pixel + distance[v]])
 *   for v: columns[v-th vector] = column[v], where they are the result
 * </pre>
 *
 * <p>Lanes beyond a run of terms come to nothing: those of a gather are not used, and those of a
 * scatter meet weights of 0.
 */
final class SparseKernelMaker {
  /** Vectors of columns: with the value and what is read, what fits in 16 or 32 registers. */
  static final int MOST_VECTORS = Species.LANES >= 16 ? 15 : 12;

  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc SHAPES = ClassDesc.of(Species.class.getName());
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc INTS = CD_int.arrayType();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          FLOATS,
          CD_int,
          INTS,
          INTS,
          FLOATS,
          CD_int,
          CD_byte.arrayType(),
          CD_int,
          CD_int,
          FLOATS,
          CD_int);
  private static final int IMAGES = 1;
  private static final int ORIGIN = 2;
  private static final int WINDOWS = 3;
  private static final int TAPS = 4;
  private static final int VALUES = 5;
  private static final int VALUES_AT = 6;
  private static final int CHOICES = 7;
  private static final int CHOICES_AT = 8;
  private static final int STEP = 9;
  private static final int COLUMNS = 10;
  private static final int COLUMNS_AT = 11;
  private static final int WINDOW = 12;
  private static final int PIXEL = 13;
  private static final int VALUE = 14;
  private static final int FIRST_COLUMN = 15;

  private final CodeBuilder code;
  private final Direction direction;
  private final List<Integer> distances;

  private SparseKernelMaker(CodeBuilder code, Direction direction, List<Integer> distances) {
    this.code = code;
    this.direction = direction;
    this.distances = distances;
  }

  /**
   * A kernel.
   *
   * @param distances from a pixel to the first term of each vector, at most {@link #MOST_VECTORS}
   */
  static SparseKernel make(Direction direction, List<Integer> distances) {
    return HiddenClass.make(
        MethodHandles.lookup(),
        "SparseKernel" + distances.size() + direction,
        SparseKernel.class,
        "run",
        RUN,
        code -> new SparseKernelMaker(code, direction, distances).emit());
  }

  private void emit() {
    for (int v = 0; v < distances.size(); v++) {
      load(COLUMNS, COLUMNS_AT, v * Species.LANES);
      code.astore(FIRST_COLUMN + v);
    }
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(WINDOW).labelBinding(next);
    code.iload(WINDOW).aload(WINDOWS).arraylength().if_icmpge(end);
    window();
    code.iinc(WINDOW, 1).goto_(next).labelBinding(end);
    for (int v = 0; direction == Direction.GATHER && v < distances.size(); v++) {
      code.aload(FIRST_COLUMN + v);
      store(COLUMNS, COLUMNS_AT, v * Species.LANES);
    }
    code.return_();
  }

  private void window() {
    species().aload(VALUES).iload(VALUES_AT).faload();
    code.invokestatic(
        FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
    code.astore(VALUE);
    code.iload(ORIGIN).aload(WINDOWS).iload(WINDOW).iaload().iadd();
    code.aload(TAPS).aload(CHOICES).iload(CHOICES_AT).baload().sipush(0xff).iand().iaload();
    code.iadd().istore(PIXEL);
    for (int v = 0; v < distances.size(); v++) {
      if (direction == Direction.GATHER) {
        gather(FIRST_COLUMN + v, distances.get(v));
      } else {
        scatter(FIRST_COLUMN + v, distances.get(v));
      }
    }
    advance(VALUES_AT);
    advance(CHOICES_AT);
  }

  private void gather(int column, int distance) {
    code.aload(VALUE);
    load(IMAGES, PIXEL, distance);
    code.aload(column);
    fma();
    code.astore(column);
  }

  private void scatter(int column, int distance) {
    code.aload(VALUE).aload(column);
    load(IMAGES, PIXEL, distance);
    fma();
    store(IMAGES, PIXEL, distance);
  }

  private void fma() {
    code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
  }

  private void advance(int slot) {
    code.iload(slot).iload(STEP).iadd().istore(slot);
  }

  private CodeBuilder species() {
    return code.getstatic(SHAPES, "FLOATS", SPECIES);
  }

  private void place(int at, int offset) {
    code.iload(at).loadConstant(offset).iadd();
  }

  private void load(int array, int at, int offset) {
    species().aload(array);
    place(at, offset);
    code.invokestatic(
        FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
  }

  private void store(int array, int at, int offset) {
    code.aload(array);
    place(at, offset);
    code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
  }
}
