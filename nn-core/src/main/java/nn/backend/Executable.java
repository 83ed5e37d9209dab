package nn.backend;

/** A list of commands made ready by a backend. Not safe for use by several threads at once. */
public interface Executable extends AutoCloseable {

  /** Runs the list so many times in a row; it may still be running when this returns. */
  void run(int times);

  /** Releases what the backend holds for it; the buffers stay. */
  @Override
  void close();
}
