package nn.cuda;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import nn.cuda.codegen.KernelSource;
import nn.cuda.driver.CudaException;
import nn.cuda.driver.Kernel;
import org.jspecify.annotations.Nullable;

/** A kernel that is on the card from its first use on. */
final class LazyKernel implements AutoCloseable {
  private final KernelSource source;
  private final Future<byte[]> code;
  private final Supplier<byte[]> again;
  private @Nullable Kernel loaded;

  /**
   * A kernel to come.
   *
   * @param code perhaps from a cache
   * @param again compiles it anew
   */
  LazyKernel(KernelSource source, Future<byte[]> code, Supplier<byte[]> again) {
    this.source = source;
    this.code = code;
    this.again = again;
  }

  /** The kernel on the card; waits for the compiler. */
  Kernel get() {
    if (loaded == null) {
      loaded = load(await());
    }
    return loaded;
  }

  private Kernel load(byte[] bytes) {
    try {
      return new Kernel(bytes, source.name());
    } catch (CudaException refused) {
      // What was kept may be sound and yet not what this driver takes.
      return new Kernel(again.get(), source.name());
    }
  }

  private byte[] await() {
    try {
      return code.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("the compiler of kernels failed", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a kernel was compiled", interrupted);
    }
  }

  @Override
  public void close() {
    if (loaded != null) {
      loaded.close();
    }
  }
}
