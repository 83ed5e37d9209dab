package nn.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The base of decorators: everything is passed on to another backend, which is owned and closed.
 * {@link #run} comes down to the verbs of this object; a compiled list does not, unless a decorator
 * that wants to see each command overrides {@link #compile} by {@link #oneByOne}.
 */
public abstract class ForwardingBackend implements Backend {
  private final Backend inner;

  protected ForwardingBackend(Backend inner) {
    this.inner = inner;
  }

  /** The backend that is decorated. */
  protected final Backend inner() {
    return inner;
  }

  /** An executable that gives each command to this object. */
  protected final Executable oneByOne(List<Command> commands) {
    return Backend.super.compile(commands);
  }

  @Override
  public Device device() {
    return inner.device();
  }

  @Override
  public boolean supports(DType type) {
    return inner.supports(type);
  }

  @Override
  public Buffer allocate(DType type, int length) {
    return inner.allocate(type, length);
  }

  @Override
  public void free(Buffer buffer) {
    inner.free(buffer);
  }

  @Override
  public void write(Buffer target, int offset, MemorySegment source) {
    inner.write(target, offset, source);
  }

  @Override
  public void read(Buffer source, int offset, MemorySegment target) {
    inner.read(source, offset, target);
  }

  @Override
  public void gemm(Gemm gemm) {
    inner.gemm(gemm);
  }

  @Override
  public void elementwise(Elementwise elementwise) {
    inner.elementwise(elementwise);
  }

  @Override
  public void reduce(Reduce reduce) {
    inner.reduce(reduce);
  }

  @Override
  public void chain(Chain chain) {
    inner.chain(chain);
  }

  @Override
  public void sparseGemm(SparseGemm sparse) {
    inner.sparseGemm(sparse);
  }

  @Override
  public boolean prefersSparse(DType type) {
    return inner.prefersSparse(type);
  }

  @Override
  public Executable compile(List<Command> commands) {
    return inner.compile(commands);
  }

  @Override
  public void synchronize() {
    inner.synchronize();
  }

  @Override
  public long time(Runnable work) {
    return inner.time(work);
  }

  @Override
  public void close() {
    inner.close();
  }
}
