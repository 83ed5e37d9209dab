package nn.backend;

import java.util.List;

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
   * What the provider found on this machine, in the order in which a person would look: libraries
   * and where they came from, the device, versions. Never throws.
   */
  default List<Finding> diagnose() {
    return List.of();
  }

  /**
   * A new instance, owned by the caller.
   *
   * @throws IllegalStateException if the backend is not usable
   * @throws NoBackendException if it is, but its device cannot be opened now; the message says why
   *     and what to do
   */
  Backend create(BackendOptions options);
}
