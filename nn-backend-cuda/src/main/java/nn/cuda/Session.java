package nn.cuda;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import nn.backend.DType;
import nn.backend.Precision;
import nn.cuda.blas.Blas;
import nn.cuda.codegen.CodeCache;
import nn.cuda.driver.CudaException;
import nn.cuda.driver.Gpu;
import nn.cuda.driver.Nvrtc;
import nn.cuda.driver.Stream;
import nn.cuda.memory.DeviceMemory;
import nn.cuda.memory.Staging;

/** All that a backend holds of a card. What was opened first is closed last. */
final class Session implements AutoCloseable {
  private static final int HOPPER = 90;

  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private final Gpu gpu;
  private final Stream stream;
  private final Kernels kernels;
  private final DeviceMemory memory;
  private final Staging staging;
  private final Blas blas;

  /**
   * Opens the first card.
   *
   * @param codeFolder where compiled kernels are kept
   * @throws CudaException if something is not to be had; then nothing stays open
   */
  Session(Path codeFolder, Precision precision) {
    try {
      gpu = hold(new Gpu());
      gpu.makeCurrent();
      stream = hold(new Stream());
      Nvrtc compiler = new Nvrtc(gpu.card().architecture());
      CodeCache cache = new CodeCache(codeFolder, compiler.identity());
      kernels = hold(new Kernels(s -> compiler.compile(s.text(), s.name()), cache));
      memory = hold(new DeviceMemory(gpu, stream));
      staging = hold(new Staging(stream));
      // What cuBLAS itself would take: products of Hopper's need more.
      int workspace = gpu.card().architecture() >= HOPPER ? 32 << 20 : 4 << 20;
      blas = hold(new Blas(stream, memory.allocate(DType.U8, workspace), precision));
    } catch (RuntimeException failed) {
      closeAll();
      throw failed;
    }
  }

  private <T extends AutoCloseable> T hold(T opened) {
    held.push(opened);
    return opened;
  }

  Gpu gpu() {
    return gpu;
  }

  Stream stream() {
    return stream;
  }

  Kernels kernels() {
    return kernels;
  }

  DeviceMemory memory() {
    return memory;
  }

  Staging staging() {
    return staging;
  }

  Blas blas() {
    return blas;
  }

  Binding binding() {
    return new Binding(kernels, stream, memory, gpu.card().processors());
  }

  @Override
  public void close() {
    gpu.makeCurrent();
    try {
      stream.synchronize();
    } catch (CudaException lost) {
      log("the card failed before the backend was closed", lost);
    }
    closeAll();
  }

  private void closeAll() {
    while (!held.isEmpty()) {
      try {
        held.pop().close();
      } catch (Exception failed) {
        log("something of the card was left to the driver", failed);
      }
    }
  }

  private static void log(String message, Exception failed) {
    System.getLogger(Session.class.getName()).log(System.Logger.Level.DEBUG, message, failed);
  }
}
