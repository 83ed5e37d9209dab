package nn.cpu.codegen;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import nn.backend.BFloat16;
import nn.backend.DType;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Emits loads and stores of a vector's worth of elements of any type, converted to and from the
 * types of expressions. An array is named by the local variable that holds it, an index or stride
 * by the instructions that put it on the stack.
 */
public final class Elements {
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc BYTE_VECTOR = ClassDesc.of(PACKAGE + "ByteVector");
  private static final ClassDesc SHORT_VECTOR = ClassDesc.of(PACKAGE + "ShortVector");
  private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());
  private static final ClassDesc BFLOAT16 = ClassDesc.of(BFloat16.class.getName());
  private static final int QUIET_NAN = 0x7fc0;

  /**
   * The lanes of a row's last vector that are in use.
   *
   * @param count the variable with their number
   * @param masks for each element type the variable with its mask
   */
  public record Tail(int count, Map<DType, Integer> masks) {
    /** The mask of real numbers' vectors. */
    public Vec mask() {
      return new Vec(mask(DType.F32), Type.BOOL);
    }

    private int mask(DType type) {
      return Objects.requireNonNull(masks.get(type));
    }
  }

  /**
   * Where elements lie: one after another, or with a stride.
   *
   * @param map the variable with an {@code int[]} of each lane's number times the stride; only for
   *     strides of 32-bit elements
   */
  public record Stride(Runnable push, int map) {}

  private final VectorCode v;
  private final CodeBuilder code;
  private final int scratch;

  /**
   * An emitter for one method.
   *
   * @param scratch the variable with an {@code int[]} of as many elements as lanes, for this method
   *     alone; needed for strided and for narrow elements
   */
  public Elements(VectorCode v, int scratch) {
    this.v = v;
    this.code = v.code();
    this.scratch = scratch;
  }

  /** Whether elements of this type pass through the scratch array. */
  public static boolean needsScratch(DType type, boolean strided) {
    return strided && type.bytes() < 4 || type == DType.U8 && !Species.BYTES_MATCH;
  }

  /** So do those of a ragged end: gathers check the indices of all lanes, masked ones too. */
  private static boolean goesByLanes(DType type, @Nullable Stride stride, @Nullable Tail tail) {
    return needsScratch(type, stride != null) || stride != null && tail != null;
  }

  /** The class of a buffer's array. */
  public static ClassDesc arrayClass(DType type) {
    return element(type).arrayType();
  }

  /** An array for elements of the type. */
  public static Object newArray(DType type, int length) {
    return switch (type) {
      case F32 -> new float[length];
      case I32 -> new int[length];
      case U8 -> new byte[length];
      case BF16 -> new short[length];
      case F64 ->
          throw new IllegalArgumentException(
              "the cpu backend computes in single precision; F64 is for the reference backend");
    };
  }

  private static ClassDesc element(DType type) {
    return switch (type) {
      case F32 -> CD_float;
      case I32 -> CD_int;
      case U8 -> CD_byte;
      case BF16 -> CD_short;
      case F64 -> throw new IllegalArgumentException("no F64 on the cpu backend");
    };
  }

  private static ClassDesc vectorClass(DType type) {
    return switch (type) {
      case F32 -> VectorCode.FLOAT_VECTOR;
      case I32 -> VectorCode.INT_VECTOR;
      case U8 -> BYTE_VECTOR;
      case BF16 -> SHORT_VECTOR;
      case F64 -> throw new IllegalArgumentException("no F64 on the cpu backend");
    };
  }

  private static String species(DType type) {
    return switch (type) {
      case F32 -> "FLOATS";
      case I32 -> "INTS";
      case U8 -> "BYTES";
      case BF16 -> "SHORTS";
      case F64 -> throw new IllegalArgumentException("no F64 on the cpu backend");
    };
  }

  /** Emits the masks for the first lanes, for elements of the types. */
  public Tail tail(Runnable pushCount, Set<DType> types) {
    int count = v.newSlot();
    pushCount.run();
    code.istore(count);
    Map<DType, Integer> masks = new EnumMap<>(DType.class);
    for (DType type : types) {
      masks.put(type, mask(type, count));
    }
    return new Tail(count, masks);
  }

  private int mask(DType type, int count) {
    int mask = v.newSlot();
    v.species(species(type)).iconst_0().iload(count);
    code.invokeinterface(
        VectorCode.SPECIES, "indexInRange", MethodTypeDesc.of(VectorCode.MASK, CD_int, CD_int));
    code.astore(mask);
    return mask;
  }

  /**
   * Loads elements that follow one another, or have a stride. Those behind the tail, which lie in
   * the array as well ({@link nn.cpu.CpuBuffer}), may be loaded too: C2 makes much code of a mask.
   */
  public Vec load(
      DType type,
      Type wanted,
      int array,
      Runnable index,
      @Nullable Stride stride,
      @Nullable Tail tail) {
    Vec loaded =
        goesByLanes(type, stride, tail)
            ? loadByLanes(type, array, index, stride, tail)
            : loadVector(type, array, index, stride);
    return as(wanted, type == DType.BF16 ? v.fromBits(v.shift("LSHL", loaded, 16)) : loaded);
  }

  private Vec as(Type wanted, Vec value) {
    return wanted == Type.FLOAT && value.type() == Type.INT ? v.toFloat(value) : value;
  }

  private Vec loadVector(DType type, int array, Runnable index, @Nullable Stride stride) {
    v.species(species(type)).aload(array);
    index.run();
    ClassDesc owner = vectorClass(type);
    var parameters = MethodTypeDesc.of(owner, VectorCode.SPECIES, arrayClass(type), CD_int);
    parameters = rest(parameters, type, stride, null);
    code.invokestatic(owner, "fromArray", parameters);
    return switch (type) {
      case F32 -> v.pop(Type.FLOAT);
      case I32 -> v.pop(Type.INT);
      case U8 -> widened("ZERO_EXTEND_B2I", owner);
      default -> widened("S2I", owner);
    };
  }

  /**
   * Pushes what loads and stores have in common after the index, and extends the descriptor by it.
   */
  private MethodTypeDesc rest(
      MethodTypeDesc before, DType type, @Nullable Stride stride, @Nullable Tail tail) {
    MethodTypeDesc all = before;
    if (stride != null) {
      code.aload(stride.map()).iconst_0();
      all = all.insertParameterTypes(all.parameterCount(), CD_int.arrayType(), CD_int);
    }
    if (tail != null) {
      code.aload(tail.mask(type));
      all = all.insertParameterTypes(all.parameterCount(), VectorCode.MASK);
    }
    return all;
  }

  private Vec widened(String conversion, ClassDesc owner) {
    convertShape(conversion, "INTS", owner);
    code.checkcast(VectorCode.INT_VECTOR);
    return v.pop(Type.INT);
  }

  private void convertShape(String conversion, String species, ClassDesc owner) {
    v.conversion(conversion);
    v.species(species).iconst_0();
    code.invokevirtual(
        owner,
        "convertShape",
        MethodTypeDesc.of(VectorCode.VECTOR, VectorCode.CONVERSION, VectorCode.SPECIES, CD_int));
  }

  private Vec loadByLanes(
      DType type, int array, Runnable index, @Nullable Stride stride, @Nullable Tail tail) {
    code.aload(array);
    index.run();
    pushStride(stride);
    pushCount(tail);
    code.aload(scratch)
        .invokestatic(
            LANES,
            "gather",
            MethodTypeDesc.of(
                CD_void, arrayClass(type), CD_int, CD_int, CD_int, CD_int.arrayType()));
    Vec bits = loadVector(DType.I32, scratch, code::iconst_0, null);
    return type == DType.F32 ? v.fromBits(bits) : bits;
  }

  private void pushStride(@Nullable Stride stride) {
    if (stride == null) {
      code.iconst_1();
    } else {
      stride.push().run();
    }
  }

  private void pushCount(@Nullable Tail tail) {
    if (tail == null) {
      code.loadConstant(Species.LANES);
    } else {
      code.iload(tail.count());
    }
  }

  /** Loads one element into all lanes. */
  public Vec loadBroadcast(DType type, Type wanted, int array, Runnable index) {
    Type own = type == DType.F32 ? Type.FLOAT : Type.INT;
    Vec loaded =
        v.broadcast(
            own,
            () -> {
              code.aload(array);
              index.run();
              switch (type) {
                case F32 -> code.faload();
                case I32 -> code.iaload();
                case U8 -> code.baload().loadConstant(0xff).iand();
                default -> code.saload();
              }
            });
    return as(wanted, type == DType.BF16 ? v.fromBits(v.shift("LSHL", loaded, 16)) : loaded);
  }

  /** Stores elements one after another, or with a stride; all lanes or those of the tail. */
  public void store(
      DType type,
      Vec value,
      int array,
      Runnable index,
      @Nullable Stride stride,
      @Nullable Tail tail) {
    Vec bits = type == DType.BF16 ? rounded(value) : value;
    if (goesByLanes(type, stride, tail)) {
      storeByLanes(type, type == DType.F32 ? v.bits(bits) : bits, array, index, stride, tail);
      return;
    }
    ClassDesc owner = vectorClass(type);
    v.push(bits);
    if (type.bytes() < 4) {
      convertShape(type == DType.U8 ? "I2B" : "I2S", species(type), VectorCode.INT_VECTOR);
      code.checkcast(owner);
    }
    code.aload(array);
    index.run();
    var parameters = MethodTypeDesc.of(CD_void, arrayClass(type), CD_int);
    code.invokevirtual(owner, "intoArray", rest(parameters, type, stride, tail));
  }

  private void storeByLanes(
      DType type,
      Vec bits,
      int array,
      Runnable index,
      @Nullable Stride stride,
      @Nullable Tail tail) {
    store(DType.I32, bits, scratch, code::iconst_0, null, null);
    code.aload(scratch);
    pushCount(tail);
    code.aload(array);
    index.run();
    pushStride(stride);
    code.invokestatic(
        LANES,
        "scatter",
        MethodTypeDesc.of(CD_void, CD_int.arrayType(), CD_int, arrayClass(type), CD_int, CD_int));
  }

  /** Stores the first lane. */
  public void storeFirst(DType type, Vec value, int array, Runnable index) {
    Vec bits = type == DType.BF16 ? rounded(value) : value;
    code.aload(array);
    index.run();
    v.pushFirst(bits);
    storeNumber(type);
  }

  /** Stores what the lanes of accumulators come to. */
  void storeFolded(DType type, Runnable pushFolded, int array, Runnable index) {
    code.aload(array);
    index.run();
    pushFolded.run();
    if (type == DType.BF16) {
      code.invokestatic(BFLOAT16, "of", MethodTypeDesc.of(CD_short, CD_float));
    }
    storeNumber(type);
  }

  /** Stores the number on the stack to the array and index below it. */
  private void storeNumber(DType type) {
    switch (type) {
      case F32 -> code.fastore();
      case I32 -> code.iastore();
      case U8 -> code.i2b().bastore();
      default -> code.i2s().sastore();
    }
  }

  /** A value as it would be read after it has been stored. */
  public Vec readBack(DType stored, Type wanted, Vec value) {
    return switch (stored) {
      case BF16 -> v.fromBits(v.shift("LSHL", rounded(value), 16));
      case U8 -> as(wanted, v.and(value, v.integer(0xff)));
      default -> as(wanted, value);
    };
  }

  /**
   * The upper halves, to nearest, ties to even; NaN stays NaN, which adding could make infinite.
   */
  private Vec rounded(Vec value) {
    Vec bits = v.bits(value);
    Vec even = v.and(v.shift("LSHR", bits, 16), v.integer(1));
    Vec up = v.add(v.add(bits, v.integer(0x7fff)), even);
    Vec isNan = v.compare("NE", value, value);
    return v.select(isNan, v.integer(QUIET_NAN), v.shift("LSHR", up, 16));
  }
}
