package nn.cuda;

import java.util.function.Consumer;
import nn.backend.Executable;
import nn.cuda.driver.Gpu;
import nn.cuda.driver.Stream;
import nn.cuda.graph.Replay;
import org.jspecify.annotations.Nullable;

/** A list of commands as a graph. */
final class CudaExecutable implements Executable {
  private final Gpu gpu;
  private final Binding binding;
  private final Consumer<CudaExecutable> onClose;
  private final @Nullable Replay replay;
  private boolean closed;

  /**
   * Records the launches.
   *
   * @param binding owned from now on, also when this fails
   * @param onClose told when this is closed
   */
  CudaExecutable(Gpu gpu, Stream stream, Binding binding, Consumer<CudaExecutable> onClose) {
    this.gpu = gpu;
    this.binding = binding;
    this.onClose = onClose;
    try {
      binding.prepare();
      boolean empty = binding.launches().isEmpty();
      this.replay =
          empty ? null : new Replay(stream, () -> binding.launches().forEach(Launch::run));
    } catch (RuntimeException failed) {
      binding.close();
      throw failed;
    }
  }

  @Override
  public void run(int times) {
    if (closed) {
      throw new IllegalStateException("the executable is closed, or its backend");
    }
    gpu.makeCurrent();
    if (replay != null) {
      replay.run(times);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (replay != null) {
        gpu.makeCurrent();
        replay.close();
      }
      binding.close();
      onClose.accept(this);
    }
  }
}
