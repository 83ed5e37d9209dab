package nn.cpu.codegen;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/** Makes an instance of an interface with one method from that method's bytecode. */
public final class HiddenClass {
  /** C2 compiles no method with more bytes of code. */
  public static final int LONGEST_COMPILED = 8000;

  private HiddenClass() {}

  /**
   * An instance of a new hidden class, in the package of the lookup.
   *
   * @param caller may see the interface
   * @param name the simple name that shows in stack traces and profiles
   * @param method the name of the interface's method
   * @param body writes the method; slot 0 is {@code this}, then come the parameters
   */
  public static <T> T make(
      MethodHandles.Lookup caller,
      String name,
      Class<T> type,
      String method,
      MethodTypeDesc descriptor,
      Consumer<CodeBuilder> body) {
    return define(caller, bytes(caller, name, type, method, descriptor, body), type);
  }

  static byte[] bytes(
      MethodHandles.Lookup caller,
      String name,
      Class<?> type,
      String method,
      MethodTypeDesc descriptor,
      Consumer<CodeBuilder> body) {
    return ClassFile.of()
        .build(
            ClassDesc.of(caller.lookupClass().getPackageName(), name),
            builder ->
                builder
                    .withFlags(ClassFile.ACC_FINAL)
                    .withInterfaceSymbols(ClassDesc.of(type.getName()))
                    .withMethodBody(
                        ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0, HiddenClass::construct)
                    .withMethodBody(method, descriptor, ClassFile.ACC_PUBLIC, body));
  }

  private static void construct(CodeBuilder code) {
    code.aload(0)
        .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
        .return_();
  }

  static <T> T define(MethodHandles.Lookup caller, byte[] bytes, Class<T> type) {
    try {
      MethodHandles.Lookup made = caller.defineHiddenClass(bytes, true);
      MethodType constructor = MethodType.methodType(void.class);
      return type.cast(made.findConstructor(made.lookupClass(), constructor).invoke());
    } catch (Throwable e) {
      throw new IllegalStateException("a generated kernel is not valid: " + type.getName(), e);
    }
  }

  /** The number of bytes of the longest method's code. */
  static int longestMethod(byte[] bytes) {
    return ClassFile.of().parse(bytes).methods().stream()
        .mapToInt(HiddenClass::length)
        .max()
        .orElse(0);
  }

  private static int length(MethodModel method) {
    return method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
  }
}
