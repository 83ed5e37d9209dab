package nn.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Device;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.SparseGemm;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a backend while a step is recorded: notes the commands and computes nothing. Memory
 * allocated in a recording is a temporary of the plan; memory of the backend itself is what a plan
 * works on.
 */
public final class Recorder implements Backend {
  private final Backend backend;
  private final List<Command> commands = new ArrayList<>();
  private final Set<Buffer> freed = Collections.newSetFromMap(new IdentityHashMap<>());
  private int allocated;
  private boolean ended;

  Recorder(Backend backend) {
    this.backend = backend;
  }

  /** What was recorded; nothing more can be. */
  List<Command> end() {
    ended = true;
    return List.copyOf(commands);
  }

  @Override
  public Device device() {
    return backend.device();
  }

  @Override
  public boolean supports(DType type) {
    return backend.supports(type);
  }

  /** A temporary. It counts as filled with zeros, at the cost of a fill if that can be seen. */
  @Override
  public Buffer allocate(DType type, int length) {
    requireRecording();
    if (!supports(type) || length < 0) {
      throw new IllegalArgumentException(
          "no buffer of " + length + " elements of " + type + " on " + backend.device().name());
    }
    return new VirtualBuffer(allocated++, type, length);
  }

  /** Ends the life of a temporary: no later command may use it. */
  @Override
  public void free(Buffer buffer) {
    if (!(buffer instanceof VirtualBuffer)) {
      throw new IllegalStateException(
          "a recording cannot free memory that it did not allocate, since the plan may use it;"
              + " free it after the plan is closed");
    }
    freed.add(buffer);
  }

  @Override
  public void write(Buffer target, int offset, MemorySegment source) {
    throw new IllegalStateException(
        "a recording computes nothing, so the host cannot write to a buffer in it; upload before"
            + " recording");
  }

  @Override
  public void read(Buffer source, int offset, MemorySegment target) {
    throw new IllegalStateException(
        "a recording computes nothing, so there is no value to read in it; copy what you want to"
            + " see (such as the loss) to a buffer allocated before recording, and read that after"
            + " the plan ran");
  }

  @Override
  public void gemm(Gemm gemm) {
    note(gemm);
  }

  @Override
  public void elementwise(Elementwise elementwise) {
    note(elementwise);
  }

  @Override
  public void reduce(Reduce reduce) {
    note(reduce);
  }

  @Override
  public void sparseGemm(SparseGemm sparse) {
    note(sparse);
  }

  @Override
  public boolean prefersSparse(DType type) {
    return backend.prefersSparse(type);
  }

  private void note(Command command) {
    requireRecording();
    command.inputs().forEach(this::requireAlive);
    command.outputs().forEach(this::requireAlive);
    commands.add(command);
  }

  private void requireRecording() {
    if (ended) {
      throw new IllegalStateException(
          "the recording has ended; use the recorder only within the recorded step");
    }
  }

  private void requireAlive(@Nullable Operand operand) {
    if (operand != null) {
      if (freed.contains(operand.buffer())) {
        throw new IllegalStateException("a " + operand.buffer() + " was used after it was freed");
      }
      if (operand.cursor() != null && operand.cursor().counter() instanceof VirtualBuffer) {
        throw new IllegalStateException(
            "a cursor counts steps, so its counter must outlive the recording; allocate it before");
      }
      requireAlive(operand.rows());
    }
  }

  @Override
  public Executable compile(List<Command> list) {
    throw new IllegalStateException(
        "a recording cannot compile a list of commands; run them one by one");
  }

  /** Does nothing: nothing has been computed. */
  @Override
  public void synchronize() {}

  @Override
  public long time(Runnable work) {
    throw new IllegalStateException(
        "a recording computes nothing, so there is no time to tell in it; time the plan's runs");
  }

  /** Does nothing: the backend stays open. */
  @Override
  public void close() {}
}
