package nn.backend;

/**
 * Found by {@link java.util.ServiceLoader}; says whether its backend can run here, and makes
 * instances of it.
 */
public interface BackendProvider {

  /** The name users choose it by, such as "cpu". */
  String name();

  /** Rank among usable backends; the highest is taken by default. */
  int score();

  /** Whether the backend can run here. Has no side effects and never throws. */
  Probe probe();

  /**
   * A new instance, owned by the caller.
   *
   * @throws IllegalStateException if the backend is not usable
   */
  Backend create(BackendOptions options);
}
