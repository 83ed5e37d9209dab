package nn.backend;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Checks around every command what backends leave to the caller: that buffers are this backend's
 * and not freed, that operands stay within them and share memory only as allowed, and, if asked,
 * that results are finite. It reads buffers back all the time: for finding faults, not for use.
 */
public final class CheckingBackend extends ForwardingBackend {
  private final boolean finite;
  private final Set<Buffer> live = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param inner the backend to check
   * @param finite whether every real output must hold neither NaN nor infinity
   */
  public CheckingBackend(Backend inner, boolean finite) {
    super(inner);
    this.finite = finite;
  }

  @Override
  public Buffer allocate(DType type, int length) {
    Buffer buffer = super.allocate(type, length);
    live.add(buffer);
    return buffer;
  }

  @Override
  public void free(Buffer buffer) {
    checkLive(buffer);
    live.remove(buffer);
    super.free(buffer);
  }

  @Override
  public void write(Buffer target, int offset, MemorySegment source) {
    checkLive(target);
    super.write(target, offset, source);
  }

  @Override
  public void read(Buffer source, int offset, MemorySegment target) {
    checkLive(source);
    super.read(source, offset, target);
  }

  @Override
  public void gemm(Gemm gemm) {
    checked(gemm, super::gemm);
  }

  @Override
  public void elementwise(Elementwise elementwise) {
    checked(elementwise, super::elementwise);
  }

  @Override
  public void reduce(Reduce reduce) {
    checked(reduce, super::reduce);
  }

  @Override
  public void chain(Chain chain) {
    checked(chain, super::chain);
  }

  @Override
  public void sparseGemm(SparseGemm sparse) {
    checked(sparse, super::sparseGemm);
  }

  @Override
  public Executable compile(List<Command> commands) {
    return oneByOne(commands);
  }

  private <C extends Command> void checked(C command, Consumer<C> verb) {
    try {
      Stream.concat(command.inputs().stream(), command.outputs().stream()).forEach(this::checkLive);
      Aliasing.check(command, this::integer);
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException(
          Work.describe(command) + ": " + broken.getMessage(), broken);
    }
    verb.accept(command);
    if (finite) {
      checkFinite(command);
    }
  }

  private void checkLive(Operand operand) {
    checkLive(operand.buffer());
    if (operand.rows() != null) {
      checkLive(operand.rows());
    }
    if (operand.cursor() != null) {
      checkLive(operand.cursor().counter());
    }
  }

  private void checkLive(Buffer buffer) {
    Checks.require(
        live.contains(buffer),
        "a buffer of %s %s was freed or belongs to another backend",
        buffer.length(),
        buffer.type());
  }

  private int integer(Buffer buffer, int index) {
    int[] value = new int[1];
    super.read(buffer, index, MemorySegment.ofArray(value));
    return value[0];
  }

  private void checkFinite(Command command) {
    List<Operand> outputs = command.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      double[] values = Transfer.read(inner(), outputs.get(i).buffer());
      int address = Addresses.of(outputs.get(i), this::integer).firstNonFinite(values);
      if (address >= 0) {
        throw new ArithmeticException(
            "output %d of %s is %s at element %d of its buffer"
                .formatted(i, Work.describe(command), values[address], address));
      }
    }
  }
}
