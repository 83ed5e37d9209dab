package nn.backend.reference;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import nn.backend.Addresses;
import nn.backend.Aliasing;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.DType;
import nn.backend.Device;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.OutOfDeviceMemoryException;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Program;

/**
 * Plain loops on one thread. Computes in double and stores in the buffer's own type; what it
 * computes is right by definition. It checks what faster backends leave out: indices of gathers,
 * freed and foreign buffers, overlapping operands.
 */
public final class ReferenceBackend implements Backend {
  private boolean closed;

  @Override
  public Device device() {
    return describe();
  }

  static Device describe() {
    return new Device(
        ReferenceProvider.NAME,
        "plain loops in double precision",
        "slow, for checks",
        1,
        Runtime.getRuntime().maxMemory());
  }

  @Override
  public boolean supports(DType type) {
    return true;
  }

  @Override
  public Buffer allocate(DType type, int length) {
    require(length >= 0, "a buffer cannot have " + length + " elements");
    require(!closed, "the backend is closed");
    try {
      return new ReferenceBuffer(this, type, length);
    } catch (OutOfMemoryError full) {
      throw new OutOfDeviceMemoryException(
          "no room on the heap for " + length + " elements of " + type + "; raise -Xmx");
    }
  }

  @Override
  public void free(Buffer buffer) {
    own(buffer).free();
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
    ReferenceBuffer mine = own(buffer);
    long bytes = host.byteSize();
    long elements = bytes / mine.type().bytes();
    require(bytes % mine.type().bytes() == 0, bytes + " bytes are no whole elements of " + mine);
    require(
        offset >= 0 && offset + elements <= mine.length(),
        elements + " elements from " + offset + " on are not within " + mine);
    return mine.segment(offset, bytes);
  }

  @Override
  public void elementwise(Elementwise e) {
    Aliasing.check(e, this::integer);
    new Pass(e.shape(), e.program(), cells(e.inputs()), cells(e.outputs())).run();
  }

  @Override
  public void reduce(Reduce r) {
    Aliasing.check(r, this::integer);
    Shape result = r.shape().reduced(r.axes().stream().mapToInt(i -> i).toArray());
    List<Accumulator> sums =
        r.combiners().stream().map(c -> new Accumulator(c, r.shape(), result)).toList();
    new Pass(r.shape(), r.program(), cells(r.inputs()), sums).run();
    for (int i = 0; i < sums.size(); i++) {
      List<Operand> output = List.of(r.outputs().get(i));
      store(sums.get(i).results(), result, Elementwise.COPY, List.of(), output);
    }
  }

  @Override
  public void gemm(Gemm g) {
    Aliasing.check(g, this::integer);
    double[] product = multiply(load(g.a()), load(g.b()), g.m(), g.n(), g.k());
    store(product, g.shape(), g.epilogue(), g.extras(), g.outputs());
  }

  private static double[] multiply(double[] a, double[] b, int m, int n, int k) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        double x = a[i * k + p];
        for (int j = 0; j < n; j++) {
          c[i * n + j] += x * b[p * n + j];
        }
      }
    }
    return c;
  }

  /** The operand's elements in row-major order. */
  private double[] load(Operand operand) {
    double[] values = new double[operand.shape().size()];
    List<Cells> target = List.of(over(values, operand.shape()));
    new Pass(operand.shape(), Elementwise.COPY, cells(List.of(operand)), target).run();
    return values;
  }

  /** Applies a program to values in row-major order, its input 0, and to further inputs. */
  private void store(
      double[] values, Shape shape, Program program, List<Operand> extras, List<Operand> outputs) {
    List<Cells> inputs = new ArrayList<>(cells(extras));
    inputs.addFirst(over(values, shape));
    new Pass(shape, program, inputs, cells(outputs)).run();
  }

  private Cells over(double[] values, Shape shape) {
    ReferenceBuffer buffer = ReferenceBuffer.over(values);
    return new Cells(buffer, Addresses.of(Operand.of(buffer, shape), this::integer));
  }

  private List<Cells> cells(List<Operand> operands) {
    return operands.stream()
        .map(o -> new Cells(own(o.buffer()), Addresses.of(o, this::integer)))
        .toList();
  }

  private int integer(Buffer buffer, int index) {
    return (int) own(buffer).get(index);
  }

  private ReferenceBuffer own(Buffer buffer) {
    if (buffer instanceof ReferenceBuffer mine && mine.belongsTo(this)) {
      require(!closed, "the backend is closed");
      require(!mine.isFreed(), "the buffer " + mine + " was freed");
      return mine;
    }
    throw new IllegalArgumentException("the buffer " + buffer + " belongs to another backend");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  @Override
  public void synchronize() {}

  @Override
  public void close() {
    closed = true;
  }
}
