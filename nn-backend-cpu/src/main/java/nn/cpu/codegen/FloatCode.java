package nn.cpu.codegen;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.IntConsumer;

/**
 * Writes loops over whole vectors of {@code float} as bytecode. Vectors pass through the operand
 * stack; what is to stay in a register is kept in a local variable. Owns the method's local
 * variables from a given slot on.
 */
public final class FloatCode {
  private static final ClassDesc VECTOR = VectorCode.VECTOR;
  private static final ClassDesc FLOAT_VECTOR = VectorCode.FLOAT_VECTOR;
  private static final ClassDesc SPECIES = VectorCode.SPECIES;
  private static final ClassDesc MASK = VectorCode.MASK;
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc SHAPES = ClassDesc.of(Species.class.getName());

  private final CodeBuilder code;
  private int nextSlot;

  /**
   * Code for one method.
   *
   * @param firstSlot the first local variable that nothing else uses
   */
  public FloatCode(CodeBuilder code, int firstSlot) {
    this.code = code;
    this.nextSlot = firstSlot;
  }

  /** Local variables of their own, one after another, for anything of one slot; the first. */
  public int slots(int count) {
    int first = nextSlot;
    nextSlot += count;
    return first;
  }

  /** Counts a variable of its own from 0 up to a limit, which a variable holds. */
  public void loop(int limit, IntConsumer body) {
    int i = slots(1);
    code.iconst_0().istore(i);
    loop(i, limit, 1, Opcode.IF_ICMPGE, () -> body.accept(i));
  }

  /**
   * Counts a variable up to a limit, from which it is a multiple of the step away. C2 leaves such a
   * loop as it is, without the copies before and behind it that it makes of a loop of which it
   * finds the number of turns.
   */
  public void loopInSteps(int i, int limit, int step, Runnable body) {
    loop(i, limit, step, Opcode.IF_ICMPEQ, body);
  }

  private void loop(int i, int limit, int step, Opcode endIf, Runnable body) {
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(next).iload(i).iload(limit).branch(endIf, end);
    body.run();
    code.iinc(i, step).goto_(next).labelBinding(end);
  }

  /** Puts the sum of a variable and a constant on the stack. */
  public void place(int at, int offset) {
    code.iload(at);
    if (offset != 0) {
      code.loadConstant(offset).iadd();
    }
  }

  /**
   * Checks once that so many elements from a variable's value on lie in an array: see {@link
   * Bounds}.
   */
  public void within(int array, int at, int elements) {
    Bounds.check(code, array, at, elements);
  }

  /** Puts the species on the stack. */
  private CodeBuilder species() {
    return code.getstatic(SHAPES, "FLOATS", SPECIES);
  }

  /** Makes variables that follow one another vectors of zeros. */
  public void zero(int first, int count) {
    species().invokestatic(FLOAT_VECTOR, "zero", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES));
    code.astore(first);
    for (int i = 1; i < count; i++) {
      code.aload(first).astore(first + i);
    }
  }

  /** Puts a vector on the stack that has in all lanes what an instruction puts there. */
  public void broadcast(Runnable pushScalar) {
    species();
    pushScalar.run();
    code.invokestatic(
        FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
  }

  /** Loads from an array, at the sum of a variable and a constant. */
  public void load(int array, int at, int offset) {
    load(array, () -> place(at, offset));
  }

  /** Loads from an array, at what instructions put on the stack. */
  public void load(int array, Runnable pushIndex) {
    species().aload(array);
    pushIndex.run();
    code.invokestatic(
        FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
  }

  /** Stores the vector on the stack, at the sum of a variable and a constant. */
  public void store(int array, int at, int offset) {
    store(array, () -> place(at, offset));
  }

  /** Stores the vector on the stack, at what instructions put on it. */
  public void store(int array, Runnable pushIndex) {
    code.aload(array);
    pushIndex.run();
    code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
  }

  /**
   * Makes a b + c, rounded once, of the three on the stack; a is of the class that C2 must know.
   */
  public void fma() {
    code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
  }

  /** Makes a + b of the two on the stack. */
  public void add() {
    code.invokevirtual(FLOAT_VECTOR, "add", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR));
  }

  /** Makes one vector of the two on the stack: the second one's lanes where the mask is set. */
  public void blend(int mask) {
    code.aload(mask);
    code.invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
  }

  /** Puts the mask of the first lanes on the stack, at least 1. */
  public void firstLanes(int count) {
    species().iconst_0().loadConstant(count);
    code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
  }
}
