package nn.backend;

/** Memory of a backend, and of that backend alone. Identity is equality. */
public interface Buffer {
  /** The type of the elements. */
  DType type();

  /** The number of elements. */
  int length();
}
