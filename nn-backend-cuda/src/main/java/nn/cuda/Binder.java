package nn.cuda;

import java.util.stream.Stream;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Slices;
import nn.backend.SparseGemm;
import nn.cuda.blas.Blas;
import nn.cuda.memory.CudaBuffer;
import nn.cuda.memory.DeviceMemory;

/** Makes launches of commands. */
final class Binder {
  private final DeviceMemory memory;
  private final Blas blas;
  private final long mostFused;

  /**
   * A binder of commands over a session's memory.
   *
   * @param mostFused multiplications up to which a product is computed by a kernel of our own
   */
  Binder(Session session, long mostFused) {
    this.memory = session.memory();
    this.blas = session.blas();
    this.mostFused = mostFused;
  }

  /**
   * The buffer as one of this backend.
   *
   * @throws IllegalArgumentException if it was freed, or is another backend's
   */
  CudaBuffer own(Buffer buffer) {
    if (buffer instanceof CudaBuffer mine && mine.isLive(memory)) {
      return mine;
    }
    throw new IllegalArgumentException(
        "the buffer " + buffer + " was freed or belongs to another backend");
  }

  private void checkOwn(Operand operand) {
    own(operand.buffer());
    if (operand.cursor() != null) {
      own(operand.cursor().counter());
    }
    if (operand.rows() != null) {
      checkOwn(operand.rows());
    }
  }

  /** Adds the launches of a command. */
  void bind(Command command, Binding binding) {
    Stream.concat(command.inputs().stream(), command.outputs().stream()).forEach(this::checkOwn);
    switch (command) {
      case Gemm gemm -> GemmBinder.bind(gemm, binding, blas, mostFused);
      case Elementwise elementwise -> ElementwiseBinder.bind(elementwise, binding);
      case Reduce reduce -> ReduceBinder.bind(reduce, binding);
      case SparseGemm sparse -> sparse.stages().forEach(stage -> bind(stage, binding));
      case Rows rows -> {
        if (!RowsBinder.bind(rows, binding)) {
          rows.stages().forEach(stage -> bind(stage, binding));
        }
      }
      case Slices slices -> slices.stages().forEach(stage -> bind(stage, binding));
    }
  }
}
