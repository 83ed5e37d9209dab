package nn.cuda;

import java.util.ArrayList;
import java.util.List;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.cuda.codegen.KernelSpec;
import nn.cuda.driver.Arguments;
import nn.cuda.driver.Grid;
import nn.cuda.driver.Stream;
import nn.cuda.memory.CudaBuffer;
import nn.cuda.memory.DeviceMemory;

/** Launches as they are made of commands, and the memory that they need besides the operands. */
final class Binding implements AutoCloseable {
  private final Kernels kernels;
  private final Stream stream;
  private final DeviceMemory memory;
  private final int processors;
  private final List<Launch> launches = new ArrayList<>();
  private final List<LazyKernel> used = new ArrayList<>();
  private final List<CudaBuffer> scratch = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param processors of the card, to size grids by
   */
  Binding(Kernels kernels, Stream stream, DeviceMemory memory, int processors) {
    this.kernels = kernels;
    this.stream = stream;
    this.memory = memory;
    this.processors = processors;
  }

  int processors() {
    return processors;
  }

  /** Adds a kernel. */
  void launch(KernelSpec spec, Grid grid, Arguments arguments) {
    LazyKernel kernel = kernels.get(spec);
    used.add(kernel);
    launches.add(() -> stream.launch(kernel.get(), grid, arguments));
  }

  void launch(Launch launch) {
    launches.add(launch);
  }

  /** Memory that belongs to this binding. */
  CudaBuffer scratch(DType type, int length) {
    CudaBuffer buffer = memory.allocate(type, length);
    scratch.add(buffer);
    return buffer;
  }

  /** Memory that belongs to this binding, row-major. */
  Operand scratch(DType type, Shape shape) {
    return Operand.of(scratch(type, shape.size()), shape);
  }

  /** Waits until every kernel is on the card: while a graph is recorded, none can be loaded. */
  void prepare() {
    used.forEach(LazyKernel::get);
  }

  List<Launch> launches() {
    return launches;
  }

  /**
   * Gives the memory back; what was launched may still be running, since its stream is in order.
   */
  @Override
  public void close() {
    scratch.forEach(memory::free);
    scratch.clear();
  }
}
