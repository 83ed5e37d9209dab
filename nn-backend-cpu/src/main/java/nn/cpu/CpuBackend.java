package nn.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Device;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.OutOfDeviceMemoryException;
import nn.backend.Reduce;
import nn.backend.SparseGemm;
import nn.cpu.codegen.Cold;
import nn.cpu.codegen.Kernels;
import nn.cpu.thread.Team;
import org.jspecify.annotations.Nullable;

/**
 * Computes on the host's cores with vector instructions. Buffers are arrays on the heap, so memory
 * is the garbage collector's; commands have ended when a call returns.
 */
public final class CpuBackend implements Backend {
  private final Device device;
  private final Team team;
  private final Binder binder;
  private final ExecutorService background;
  private @Nullable Future<?> gemmsCompiled;
  private boolean closed;

  CpuBackend(Device device) {
    this.device = device;
    this.team = new Team(device.threads());
    this.binder = Binder.of(new Kernels(), device.threads());
    this.background =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("nn-cpu-warm-up").factory());
  }

  /**
   * Starts to have code compiled in the background: while data loads there is nothing else to do.
   */
  void warmUp() {
    Cold products = binder.gemms().code();
    gemmsCompiled = background.submit(products::warmUp);
    background.execute(products::warmUpMore);
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
    requireOpen();
    if (length < 0) {
      throw new IllegalArgumentException("a buffer cannot have " + length + " elements");
    }
    try {
      return new CpuBuffer(type, length);
    } catch (OutOfMemoryError full) {
      throw new OutOfDeviceMemoryException(
          "no room on the heap of %d MiB for %d elements of %s; raise -Xmx"
              .formatted(Runtime.getRuntime().maxMemory() >> 20, length, type));
    }
  }

  @Override
  public void free(Buffer buffer) {
    own(buffer);
  }

  @Override
  public void write(Buffer target, int offset, MemorySegment source) {
    memory(target, offset, source).copyFrom(source);
  }

  @Override
  public void read(Buffer source, int offset, MemorySegment target) {
    target.copyFrom(memory(source, offset, target));
  }

  private MemorySegment memory(Buffer buffer, int offset, MemorySegment host) {
    CpuBuffer mine = own(buffer);
    int width = mine.type().bytes();
    long elements = host.byteSize() / width;
    if (host.byteSize() % width != 0 || offset < 0 || offset + elements > mine.length()) {
      throw new IllegalArgumentException(
          "%d bytes at element %d are not within %s".formatted(host.byteSize(), offset, mine));
    }
    return mine.segment().asSlice((long) offset * width, host.byteSize());
  }

  private CpuBuffer own(Buffer buffer) {
    requireOpen();
    return CpuBuffer.of(buffer);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
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
  public void sparseGemm(SparseGemm sparse) {
    run(sparse);
  }

  @Override
  public boolean prefersSparse(DType type) {
    return type == DType.F32;
  }

  @Override
  public void run(Command command) {
    requireOpen();
    for (Job job : binder.jobs(command)) {
      team.run(job, job.parts(team.size()));
    }
  }

  @Override
  public Executable compile(List<Command> commands) {
    requireOpen();
    binder.takeCold(); // what runs once is not worth it
    CpuExecutable executable = new CpuExecutable(team);
    WarmUps warmUps = new WarmUps();
    team.run(
        (part, parts) -> {
          if (part == 0) {
            bind(commands, executable, warmUps);
          }
          warmUps.warmUp();
        },
        team.size());
    awaitGemms();
    background.execute(warmUps::warmUpMore);
    return executable;
  }

  private void bind(List<Command> commands, CpuExecutable executable, WarmUps warmUps) {
    try {
      for (Command command : commands) {
        binder.jobs(command).forEach(executable::add);
        warmUps.add(binder.takeCold());
      }
      warmUps.end();
    } catch (Throwable failed) {
      warmUps.abandon(); // or others wait for more
      throw failed;
    }
  }

  private void awaitGemms() {
    try {
      if (gemmsCompiled != null) {
        gemmsCompiled.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it will be slow for a while, and right
    } catch (ExecutionException failed) {
      throw new IllegalStateException("the code of products does not run", failed.getCause());
    }
  }

  @Override
  public void synchronize() {
    requireOpen();
  }

  @Override
  public void close() {
    closed = true;
    background.shutdownNow();
    team.close();
  }
}
