package nn.cuda.natives;

import java.io.Serial;

/** CUDA cannot be used here. The message says why, {@link #remedy} what to do about it. */
public final class CudaUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String remedy;

  public CudaUnavailableException(String reason, String remedy) {
    super(reason);
    this.remedy = remedy;
  }

  /** What the user can do about it, with one command where there is one. */
  public String remedy() {
    return remedy;
  }
}
