package nn.cuda.driver;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The first card, with its primary context held while this is open. Every thread that calls CUDA
 * has to make the context its own first.
 */
public final class Gpu implements AutoCloseable {
  private final Card card;
  private final CUdevice device;
  private final CUcontext context = new CUcontext();
  private @Nullable Thread current;
  private boolean closed;

  /**
   * Opens the first card, for the calling thread.
   *
   * @throws CudaException if there is none, or it cannot be used
   */
  public Gpu() {
    card = Card.first();
    device = Card.device();
    Status.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "use " + card.name());
  }

  /** What it is. */
  public Card card() {
    return card;
  }

  /** Memory of the card that nobody holds at this moment. */
  public long freeBytes() {
    long[] free = new long[1];
    Status.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "tell the card's free memory");
    return free[0];
  }

  /** Makes the calling thread one of this card's; does nothing if it was the last to do so. */
  public void makeCurrent() {
    Thread caller = Thread.currentThread();
    if (caller != current) {
      Status.check(JCudaDriver.cuCtxSetCurrent(context), "switch to the card");
      current = caller;
    }
  }

  /** New memory, as its address. */
  public long allocate(long bytes) {
    DeviceAddress address = new DeviceAddress();
    Status.check(
        JCudaDriver.cuMemAlloc(address, bytes), "allocate %,d bytes on the card".formatted(bytes));
    return address.value();
  }

  /** Gives memory back; waits until it is no longer used. */
  public void free(long address) {
    Status.check(JCudaDriver.cuMemFree(DeviceAddress.of(address)), "free memory of the card");
  }

  /** A failure has no answer here: the context goes with the process. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
  }
}
