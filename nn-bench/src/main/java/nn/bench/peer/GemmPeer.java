package nn.bench.peer;

/**
 * Another library's matrix product, measured beside nn's. Found by {@link java.util.ServiceLoader};
 * what is measured runs in a JVM of its own, so a peer may change that JVM as it likes.
 *
 * <p>To make one and to ask for its name loads nothing native: that happens in {@link #prepare}.
 */
public interface GemmPeer {
  /** Short and in lower case, such as openblas: it names rows, and chooses by {@code --peers}. */
  String name();

  /**
   * Loads the library and makes a product of a [m, k] by b [k, n], in F32 and row-major.
   *
   * @param threads that the library shall compute with, at least 1
   * @throws RuntimeException or an {@link Error} if the library cannot be used here; its message is
   *     shown
   */
  Product prepare(int m, int n, int k, float[] a, float[] b, int threads);

  /** One product, to be computed again and again. */
  interface Product extends AutoCloseable {
    void run();

    /** The product [m, n] of the last run, row-major. */
    float[] result();

    @Override
    void close();
  }
}
