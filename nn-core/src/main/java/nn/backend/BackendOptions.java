package nn.backend;

/**
 * What a user may choose about a backend.
 *
 * @param threads host threads that compute; 0 lets the backend choose
 */
public record BackendOptions(int threads) {
  /** Everything chosen by the backend. */
  public static final BackendOptions DEFAULT = new BackendOptions(0);

  public BackendOptions {
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException("threads must be 0 (automatic) to 1024, not " + threads);
    }
  }
}
