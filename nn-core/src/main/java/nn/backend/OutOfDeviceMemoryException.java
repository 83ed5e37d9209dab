package nn.backend;

import java.io.Serial;

/** A device has no room for a buffer. The message says what was asked for and what is held. */
public final class OutOfDeviceMemoryException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public OutOfDeviceMemoryException(String message) {
    super(message);
  }
}
