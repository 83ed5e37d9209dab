package nn.cuda.driver;

import java.io.Serial;

/**
 * A call to CUDA failed. The message says what was tried, and CUDA's name and words for why not.
 */
public final class CudaException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean outOfMemory;

  CudaException(String message, boolean outOfMemory) {
    super(message);
    this.outOfMemory = outOfMemory;
  }

  /** A call to a library on top of the driver failed. */
  public CudaException(String message) {
    this(message, false);
  }

  /** Whether only memory was wanting, so that the same call may succeed once some was freed. */
  public boolean isOutOfMemory() {
    return outOfMemory;
  }
}
