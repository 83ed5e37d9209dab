package nn.cpu.codegen;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Objects;

/**
 * Emits one check for all that is read or written from a place on. C2 then knows that no sum of the
 * place and a constant within its bounds overflows, and adds such constants in the address.
 */
final class Bounds {
  private static final ClassDesc OBJECTS = ClassDesc.of(Objects.class.getName());
  private static final MethodTypeDesc CHECK_INDEX = MethodTypeDesc.of(CD_int, CD_int, CD_int);

  private Bounds() {}

  /**
   * Checks that elements lie in an array, and stores the index that was checked.
   *
   * @param array a variable
   * @param at the variable with the first one's index
   * @param elements how many
   */
  static void check(CodeBuilder code, int array, int at, int elements) {
    code.iload(at).aload(array).arraylength().loadConstant(elements - 1).isub();
    code.invokestatic(OBJECTS, "checkIndex", CHECK_INDEX).istore(at);
  }
}
