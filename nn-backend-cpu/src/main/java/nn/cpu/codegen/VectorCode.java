package nn.cpu.codegen;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nn.expr.Type;

/**
 * Writes vector arithmetic as bytecode: each method emits one operation on vectors in local
 * variables and names the variable that holds the result. Owns the method's local variables from a
 * given slot on.
 */
public final class VectorCode {
  private static final String PACKAGE = "jdk.incubator.vector.";
  static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  static final ClassDesc INT_VECTOR = ClassDesc.of(PACKAGE + "IntVector");
  static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  static final ClassDesc CONVERSION = ClassDesc.of(PACKAGE + "VectorOperators$Conversion");
  private static final ClassDesc SHUFFLE = ClassDesc.of(PACKAGE + "VectorShuffle");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc ASSOCIATIVE =
      ClassDesc.of(PACKAGE + "VectorOperators$Associative");
  private static final ClassDesc BINARY = ClassDesc.of(PACKAGE + "VectorOperators$Binary");
  private static final ClassDesc COMPARISON = ClassDesc.of(PACKAGE + "VectorOperators$Comparison");
  private static final ClassDesc SHAPES = ClassDesc.of(Species.class.getName());

  private record Constant(Type type, int bits) {}

  private final CodeBuilder code;
  private final Map<Constant, Vec> constants = new LinkedHashMap<>();
  private final Map<Type, Deque<Integer>> free = new EnumMap<>(Type.class);
  private List<Vec> temporaries = new ArrayList<>();
  private int nextSlot;

  /**
   * Code for one method.
   *
   * @param firstSlot the first local variable that nothing else uses
   */
  public VectorCode(CodeBuilder code, int firstSlot) {
    this.code = code;
    this.nextSlot = firstSlot;
  }

  /** What the instructions go to. */
  public CodeBuilder code() {
    return code;
  }

  /** A local variable of its own for anything of one slot. */
  public int newSlot() {
    return nextSlot++;
  }

  /** A vector variable, not set yet. */
  public Vec newVec(Type type) {
    Deque<Integer> slots = freeSlots(type);
    Vec vec = new Vec(slots.isEmpty() ? newSlot() : slots.pop(), type);
    temporaries.add(vec);
    return vec;
  }

  /** Emits a computation of which only the result's variable stays in use. */
  public Vec scoped(Supplier<Vec> body) {
    List<Vec> outer = temporaries;
    temporaries = new ArrayList<>();
    Vec result = body.get();
    boolean isNew = temporaries.remove(result);
    release(temporaries);
    temporaries = outer;
    if (isNew) {
      temporaries.add(result);
    }
    return result;
  }

  /** Emits code after which none of the variables that it made is in use. */
  public void scoped(Runnable body) {
    List<Vec> outer = temporaries;
    temporaries = new ArrayList<>();
    body.run();
    release(temporaries);
    temporaries = outer;
  }

  private Deque<Integer> freeSlots(Type type) {
    return free.computeIfAbsent(type, t -> new ArrayDeque<>());
  }

  private void release(List<Vec> vecs) {
    vecs.forEach(vec -> freeSlots(vec.type()).push(vec.slot()));
  }

  /**
   * Emits code that uses constants, each of which is made once, before it. Which are needed is
   * known only when the code has been written, so they stand behind it and are jumped to.
   */
  public void withConstants(Runnable body) {
    Label start = code.newLabel();
    Label prologue = code.newLabel();
    Label end = code.newLabel();
    code.goto_(prologue).labelBinding(start);
    body.run();
    code.goto_(end).labelBinding(prologue);
    constants.forEach(this::make);
    constants.clear();
    code.goto_(start).labelBinding(end);
  }

  private void make(Constant constant, Vec target) {
    Runnable push =
        constant.type == Type.INT
            ? () -> code.loadConstant(constant.bits)
            : () -> code.loadConstant(Float.intBitsToFloat(constant.bits));
    pushBroadcast(constant.type, push);
    code.astore(target.slot());
  }

  /** A real constant in all lanes. Only within {@link #withConstants}. */
  public Vec real(float value) {
    return constant(new Constant(Type.FLOAT, Float.floatToRawIntBits(value)));
  }

  /** An integer constant in all lanes. Only within {@link #withConstants}. */
  public Vec integer(int value) {
    return constant(new Constant(Type.INT, value));
  }

  private Vec constant(Constant constant) {
    // never a reused variable: it must hold its value from before the first instruction on
    return constants.computeIfAbsent(constant, c -> new Vec(newSlot(), c.type()));
  }

  /** Stores the vector on the stack into a new variable. */
  public Vec pop(Type type) {
    Vec vec = newVec(type);
    code.astore(vec.slot());
    return vec;
  }

  /** Puts a vector on the stack. */
  public void push(Vec... vecs) {
    for (Vec vec : vecs) {
      code.aload(vec.slot());
    }
  }

  /** Copies into a variable that is there already. */
  public void assign(Vec target, Vec value) {
    code.aload(value.slot()).astore(target.slot());
  }

  /**
   * A vector with the {@code float} or {@code int} that an instruction puts on the stack in all
   * lanes.
   */
  public Vec broadcast(Type type, Runnable pushScalar) {
    pushBroadcast(type, pushScalar);
    return pop(type);
  }

  private void pushBroadcast(Type type, Runnable pushScalar) {
    ClassDesc owner = vectorClass(type);
    species(type == Type.INT ? "INTS" : "FLOATS");
    pushScalar.run();
    ClassDesc scalar = type == Type.INT ? CD_int : CD_float;
    code.invokestatic(owner, "broadcast", MethodTypeDesc.of(owner, SPECIES, scalar));
  }

  /** Puts one of the constants of {@link Species} on the stack. */
  CodeBuilder species(String name) {
    return code.getstatic(SHAPES, name, SPECIES);
  }

  /** Puts one of the conversions of VectorOperators on the stack. */
  CodeBuilder conversion(String name) {
    return code.getstatic(OPERATORS, name, CONVERSION);
  }

  static ClassDesc vectorClass(Type type) {
    return switch (type) {
      case FLOAT -> FLOAT_VECTOR;
      case INT -> INT_VECTOR;
      case BOOL -> MASK;
    };
  }

  /**
   * Calls a method of the first operand's class that takes vectors and gives one of its own class.
   */
  private Vec call(String method, Vec a, Vec... others) {
    push(a);
    push(others);
    ClassDesc owner = vectorClass(a.type());
    ClassDesc[] parameters = new ClassDesc[others.length];
    Arrays.fill(parameters, a.type() == Type.BOOL ? MASK : VECTOR);
    code.invokevirtual(owner, method, MethodTypeDesc.of(owner, parameters));
    return pop(a.type());
  }

  Vec add(Vec a, Vec b) {
    return call("add", a, b);
  }

  Vec sub(Vec a, Vec b) {
    return call("sub", a, b);
  }

  Vec mul(Vec a, Vec b) {
    return call("mul", a, b);
  }

  Vec div(Vec a, Vec b) {
    return call("div", a, b);
  }

  Vec min(Vec a, Vec b) {
    return call("min", a, b);
  }

  Vec max(Vec a, Vec b) {
    return call("max", a, b);
  }

  Vec neg(Vec a) {
    return call("neg", a);
  }

  Vec abs(Vec a) {
    return call("abs", a);
  }

  Vec sqrt(Vec a) {
    return call("sqrt", a);
  }

  /** a b + c, rounded once. */
  Vec fma(Vec a, Vec b, Vec c) {
    return call("fma", a, b, c);
  }

  /** Conjunction, of integers or of conditions. */
  Vec and(Vec a, Vec b) {
    return call("and", a, b);
  }

  Vec or(Vec a, Vec b) {
    return call("or", a, b);
  }

  Vec not(Vec condition) {
    return call("not", condition);
  }

  Vec xor(Vec a, Vec b) {
    push(a);
    code.getstatic(OPERATORS, "XOR", ASSOCIATIVE);
    push(b);
    return lanewise(VECTOR);
  }

  /** Shifts by LSHL, LSHR or ASHR. */
  Vec shift(String operator, Vec a, Vec distance) {
    push(a);
    code.getstatic(OPERATORS, operator, BINARY);
    push(distance);
    return lanewise(VECTOR);
  }

  Vec shift(String operator, Vec a, int distance) {
    push(a);
    code.getstatic(OPERATORS, operator, BINARY).loadConstant(distance);
    return lanewise(CD_int);
  }

  private Vec lanewise(ClassDesc operand) {
    code.invokevirtual(INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY, operand));
    return pop(Type.INT);
  }

  /** Compares by LT, LE, GT, GE, EQ or NE. */
  Vec compare(String comparison, Vec a, Vec b) {
    push(a);
    code.getstatic(OPERATORS, comparison, COMPARISON);
    push(b);
    ClassDesc owner = vectorClass(a.type());
    code.invokevirtual(owner, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
    if (a.type() == Type.INT) {
      castMask("FLOATS");
    }
    return pop(Type.BOOL);
  }

  /** Where the condition holds {@code yes}, else {@code no}. */
  Vec select(Vec condition, Vec yes, Vec no) {
    push(no, yes, condition);
    if (no.type() == Type.INT) {
      castMask("INTS");
    }
    ClassDesc owner = vectorClass(no.type());
    code.invokevirtual(owner, "blend", MethodTypeDesc.of(owner, VECTOR, MASK));
    return pop(no.type());
  }

  /** Makes the mask on the stack one for vectors of another element type. */
  void castMask(String species) {
    species(species).invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
  }

  /** The integers' values as real numbers. */
  Vec toFloat(Vec a) {
    return convert(a, "I2F", Type.FLOAT);
  }

  /** Rounded toward zero, saturating. */
  Vec toInt(Vec a) {
    return convert(a, "F2I", Type.INT);
  }

  private Vec convert(Vec a, String conversion, Type result) {
    push(a);
    conversion(conversion).iconst_0();
    ClassDesc owner = vectorClass(a.type());
    code.invokevirtual(owner, "convert", MethodTypeDesc.of(VECTOR, CONVERSION, CD_int));
    code.checkcast(vectorClass(result));
    return pop(result);
  }

  /** The same bits as integers. */
  Vec bits(Vec a) {
    push(a);
    code.invokevirtual(FLOAT_VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INT_VECTOR));
    return pop(Type.INT);
  }

  /** The same bits as real numbers. */
  Vec fromBits(Vec a) {
    push(a);
    code.invokevirtual(INT_VECTOR, "reinterpretAsFloats", MethodTypeDesc.of(FLOAT_VECTOR));
    return pop(Type.FLOAT);
  }

  /** Adds to each lane its number times a factor, which an instruction puts on the stack. */
  Vec addLaneNumber(Vec a, Runnable pushFactor) {
    push(a);
    pushFactor.run();
    code.invokevirtual(INT_VECTOR, "addIndex", MethodTypeDesc.of(INT_VECTOR, CD_int));
    return pop(Type.INT);
  }

  /** Lane i of the result is lane i + distance, modulo the number of lanes; 1, 2, 4 or 8 lanes. */
  Vec rotate(Vec a, int distance) {
    push(a);
    code.getstatic(SHAPES, "ROTATE_" + distance, SHUFFLE);
    code.invokevirtual(FLOAT_VECTOR, "rearrange", MethodTypeDesc.of(FLOAT_VECTOR, SHUFFLE));
    return pop(Type.FLOAT);
  }

  /**
   * Puts the largest or smallest lane on the stack by MAX or MIN, which give the same in any order,
   * but for the bits of NaN.
   */
  void pushExtremum(String operator, Vec a) {
    push(a);
    ClassDesc scalar = a.type() == Type.INT ? CD_int : CD_float;
    code.getstatic(OPERATORS, operator, ASSOCIATIVE)
        .invokevirtual(
            vectorClass(a.type()), "reduceLanes", MethodTypeDesc.of(scalar, ASSOCIATIVE));
  }

  /** Puts the first lane on the stack. */
  void pushFirst(Vec a) {
    push(a);
    ClassDesc owner = vectorClass(a.type());
    ClassDesc scalar = a.type() == Type.INT ? CD_int : CD_float;
    code.iconst_0().invokevirtual(owner, "lane", MethodTypeDesc.of(scalar, CD_int));
  }
}
