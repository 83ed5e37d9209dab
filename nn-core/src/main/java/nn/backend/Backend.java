package nn.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A device that stores buffers and runs the three verbs. An instance has its own threads or stream
 * and shares nothing with another; it is used by one thread at a time. Commands run in the order
 * given, and results are as if each had ended before the next began.
 *
 * <p>For one device and one seed results are bitwise the same in every run, whatever the number of
 * threads.
 */
public interface Backend extends AutoCloseable {

  /** What this backend runs on. */
  Device device();

  /** Whether buffers of this type can be used. F32, I32 and U8 always can. */
  boolean supports(DType type);

  /**
   * New memory, filled with zeros.
   *
   * @param length number of elements
   * @throws IllegalArgumentException if the type is not supported
   * @throws OutOfDeviceMemoryException if there is no room
   */
  Buffer allocate(DType type, int length);

  /** Gives memory back; the buffer must not be used any more. */
  void free(Buffer buffer);

  /**
   * Copies from the host: as many elements as the source has bytes for, in the machine's byte
   * order.
   *
   * @param offset the first element written
   */
  void write(Buffer target, int offset, MemorySegment source);

  /**
   * Copies to the host, after all commands given before: as many elements as the target has bytes
   * for.
   */
  void read(Buffer source, int offset, MemorySegment target);

  /** Multiplies matrices. */
  void gemm(Gemm gemm);

  /** Maps elements. */
  void elementwise(Elementwise elementwise);

  /** Combines elements. */
  void reduce(Reduce reduce);

  /** Runs a chain of commands; stage by stage unless the backend knows better. */
  default void chain(Chain chain) {
    chain.stages().forEach(this::run);
  }

  /**
   * Runs a product with a sparse factor; as commands without one unless the backend knows better.
   */
  default void sparseGemm(SparseGemm sparse) {
    sparse.stages().forEach(this::run);
  }

  /**
   * Whether {@link #sparseGemm} is faster than the same product with the zeros written out.
   *
   * @param type of all factors
   */
  default boolean prefersSparse(DType type) {
    return false;
  }

  /** Runs any command. */
  default void run(Command command) {
    switch (command) {
      case Gemm gemm -> gemm(gemm);
      case Elementwise elementwise -> elementwise(elementwise);
      case Reduce reduce -> reduce(reduce);
      case Chain chain -> chain(chain);
      case SparseGemm sparse -> sparseGemm(sparse);
    }
  }

  /** Makes a list of commands ready to be run many times. */
  default Executable compile(List<Command> commands) {
    List<Command> list = List.copyOf(commands);
    return new Executable() {
      @Override
      public void run(int times) {
        for (int i = 0; i < times; i++) {
          list.forEach(Backend.this::run);
        }
      }

      @Override
      public void close() {}
    };
  }

  /** Waits until everything given so far has been done. */
  void synchronize();

  /**
   * The nanoseconds that commands take, by the device's own clock: from the end of what was given
   * before to the end of what the work gives. That a device had to wait for the host in between is
   * part of it. Returns when the commands are done.
   *
   * @param work gives commands to this backend
   */
  default long time(Runnable work) {
    synchronize();
    long start = System.nanoTime();
    work.run();
    synchronize();
    return System.nanoTime() - start;
  }

  /** Ends threads and gives back all memory. A second call does nothing. */
  @Override
  void close();
}
