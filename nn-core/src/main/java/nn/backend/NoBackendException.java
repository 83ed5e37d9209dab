package nn.backend;

import java.io.Serial;

/** The backend asked for is not there or cannot run. The message says why and what to do. */
public final class NoBackendException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public NoBackendException(String message) {
    super(message);
  }

  public NoBackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
