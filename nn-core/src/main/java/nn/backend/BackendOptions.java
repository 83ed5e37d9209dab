package nn.backend;

/**
 * What a user may choose about a backend.
 *
 * @param threads host threads that compute; 0 lets the backend choose
 * @param precision the least that matrix products need
 */
public record BackendOptions(int threads, Precision precision) {
  /** Everything chosen by the backend, and full precision. */
  public static final BackendOptions DEFAULT = new BackendOptions(0);

  public BackendOptions {
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException("threads must be 0 (automatic) to 1024, not " + threads);
    }
  }

  /** Full precision. */
  public BackendOptions(int threads) {
    this(threads, Precision.F32);
  }
}
