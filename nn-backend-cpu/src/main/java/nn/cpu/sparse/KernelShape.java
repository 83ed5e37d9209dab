package nn.cpu.sparse;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/**
 * What is constant in a kernel, and so what its code follows from.
 *
 * @param <K> the kernel, an interface with one method {@code run}
 */
interface KernelShape<K> {

  /** For the names of classes. */
  String name();

  Class<K> type();

  /** The parameters of {@code run}. */
  MethodTypeDesc parameters();

  /** Writes {@code run}. */
  void emit(CodeBuilder code);

  /** A call on a little memory of its own that takes every path. */
  Runnable trial(K kernel);
}
