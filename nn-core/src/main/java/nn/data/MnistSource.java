package nn.data;

/** A place that MNIST may be had from. What it gives is not trusted: the loader checks the sums. */
interface MnistSource extends AutoCloseable {

  /** What messages call it. */
  String name();

  /**
   * Gives one of the four files, unpacked and parsed.
   *
   * @throws DataException saying why it cannot
   */
  Idx read(MnistFile file) throws DataException;

  @Override
  default void close() {}
}
