package nn.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;

/** A place in a stream's work. */
public final class Event implements AutoCloseable {
  private final CUevent handle = new CUevent();
  private boolean closed;

  /** An event of the current context; it counts as reached until it is first recorded. */
  public Event() {
    Status.check(JCudaDriver.cuEventCreate(handle, 0), "make an event");
  }

  /** Marks the place after all work given to the stream so far. */
  public void record(Stream stream) {
    Status.check(JCudaDriver.cuEventRecord(handle, stream.handle()), "record an event");
  }

  /** Waits until the card has come to the place. */
  public void await() {
    Status.check(JCudaDriver.cuEventSynchronize(handle), "finish the work given to it");
  }

  /** The nanoseconds that the card took from an earlier place to this one; both must be reached. */
  public long nanosSince(Event earlier) {
    float[] millis = new float[1];
    Status.check(
        JCudaDriver.cuEventElapsedTime(millis, earlier.handle, handle), "tell the time it took");
    return Math.round(millis[0] * 1e6);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      JCudaDriver.cuEventDestroy(handle);
    }
  }
}
