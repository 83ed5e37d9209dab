package nn.data;

import java.io.IOException;

/** Data that cannot be used. The message says where, what is wrong, and what to do about it. */
public class DataException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message where, what and what to do
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * @param message where, what and what to do
   * @param cause the failure underneath
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
