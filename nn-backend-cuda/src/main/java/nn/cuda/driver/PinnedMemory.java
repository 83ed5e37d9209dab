package nn.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Memory of the host that the card reads and writes by itself. */
public final class PinnedMemory implements AutoCloseable {
  private final Pointer pointer = new Pointer();
  private final MemorySegment segment;
  private boolean closed;

  /** New memory of the current context. */
  public PinnedMemory(long bytes) {
    Status.check(
        JCudaDriver.cuMemAllocHost(pointer, bytes), "pin %,d bytes of the host".formatted(bytes));
    segment = MemorySegment.ofBuffer(pointer.getByteBuffer(0, bytes));
  }

  Pointer pointer() {
    return pointer;
  }

  /** The memory; not to be used after this was closed. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      JCudaDriver.cuMemFreeHost(pointer);
    }
  }
}
