package nn.cuda.driver;

import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** Compiled code on the card. */
public final class Kernel implements AutoCloseable {
  private final String name;
  private final CUmodule module = new CUmodule();
  private final CUfunction function = new CUfunction();
  private boolean closed;

  /**
   * Loads code.
   *
   * @param code a cubin, or PTX ended by a zero
   * @param name the kernel's name in the code
   * @throws CudaException if the code is not what this card and driver can load
   */
  public Kernel(byte[] code, String name) {
    this.name = name;
    Status.check(JCudaDriver.cuModuleLoadData(module, code), "load the kernel " + name);
    int result = JCudaDriver.cuModuleGetFunction(function, module, name);
    if (result != 0) {
      JCudaDriver.cuModuleUnload(module);
    }
    Status.check(result, "find the kernel " + name);
  }

  String name() {
    return name;
  }

  CUfunction handle() {
    return function;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      JCudaDriver.cuModuleUnload(module);
    }
  }
}
