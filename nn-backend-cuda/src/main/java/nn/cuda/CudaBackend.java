package nn.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Device;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.Reduce;
import nn.cuda.driver.Event;
import nn.cuda.memory.CudaBuffer;

/**
 * Computes on an NVIDIA card. Commands are given to one stream of the card and run there in order;
 * a call does not wait for them, unless it reads.
 */
final class CudaBackend implements Backend {
  private final Device device;
  private final Session session;
  private final Binder binder;
  private final Set<CudaExecutable> executables =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  /**
   * A backend over what a session holds.
   *
   * @param session owned from now on
   * @param mostFused multiplications up to which a product is computed by a kernel of our own
   */
  CudaBackend(Device device, Session session, long mostFused) {
    this.device = device;
    this.session = session;
    this.binder = new Binder(session, mostFused);
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public boolean supports(DType type) {
    return type != DType.F64;
  }

  @Override
  public Buffer allocate(DType type, int length) {
    enter();
    if (!supports(type) || length < 0) {
      throw new IllegalArgumentException(
          "a buffer of the cuda backend cannot be " + length + " elements of " + type);
    }
    return session.memory().allocateZeroed(type, length);
  }

  /** After the backend was closed there is nothing left to give back. */
  @Override
  public void free(Buffer buffer) {
    if (!closed) {
      session.memory().free(binder.own(buffer));
    }
  }

  @Override
  public void write(Buffer target, int offset, MemorySegment source) {
    enter();
    session.staging().upload(address(target, offset, source), source);
  }

  @Override
  public void read(Buffer source, int offset, MemorySegment target) {
    enter();
    session.staging().download(address(source, offset, target), target);
  }

  private long address(Buffer buffer, int offset, MemorySegment host) {
    CudaBuffer mine = binder.own(buffer);
    int width = mine.type().bytes();
    long elements = host.byteSize() / width;
    if (host.byteSize() % width != 0 || offset < 0 || offset + elements > mine.length()) {
      throw new IllegalArgumentException(
          "%d bytes at element %d are not within %s".formatted(host.byteSize(), offset, mine));
    }
    return mine.address() + (long) offset * width;
  }

  /** Every call comes by here first. */
  private void enter() {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
    session.gpu().makeCurrent();
  }

  @Override
  public void gemm(Gemm gemm) {
    run(gemm);
  }

  @Override
  public void elementwise(Elementwise elementwise) {
    run(elementwise);
  }

  @Override
  public void reduce(Reduce reduce) {
    run(reduce);
  }

  @Override
  public void chain(Chain chain) {
    run(chain);
  }

  @Override
  public void run(Command command) {
    enter();
    try (Binding binding = session.binding()) {
      binder.bind(command, binding);
      binding.launches().forEach(Launch::run);
    }
  }

  @Override
  public Executable compile(List<Command> commands) {
    enter();
    Binding binding = session.binding();
    try {
      commands.forEach(command -> binder.bind(command, binding));
    } catch (RuntimeException failed) {
      binding.close();
      throw failed;
    }
    CudaExecutable executable =
        new CudaExecutable(session.gpu(), session.stream(), binding, executables::remove);
    executables.add(executable);
    return executable;
  }

  @Override
  public void synchronize() {
    enter();
    session.stream().synchronize();
  }

  /** Between two events of the stream: their resolution is half a microsecond. */
  @Override
  public long time(Runnable work) {
    enter();
    try (Event start = new Event();
        Event end = new Event()) {
      start.record(session.stream());
      work.run();
      end.record(session.stream());
      end.await();
      return end.nanosSince(start);
    }
  }

  /** Bytes in buffers that were not freed, and in what executables hold. */
  long usedBytes() {
    return session.memory().usedBytes();
  }

  @Override
  public void close() {
    if (!closed) {
      new ArrayList<>(executables).forEach(CudaExecutable::close);
      closed = true;
      session.close();
    }
  }
}
