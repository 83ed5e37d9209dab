package nn.cuda.blas;

import java.util.Optional;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.cuda.memory.CudaBuffer;

/**
 * A matrix as BLAS wants it: one axis contiguous, the other with a stride no shorter than the first
 * is long.
 *
 * @param address of the first element
 * @param type F32 or BF16
 * @param transposed whether the first axis is the contiguous one
 * @param stride along the other axis
 */
public record Matrix(long address, DType type, boolean transposed, int stride) {

  /** The matrix of an operand; empty if BLAS cannot read it as it is. */
  public static Optional<Matrix> of(Operand operand) {
    Layout layout = operand.layout();
    if (operand.cursor() != null || operand.rows() != null) {
      return Optional.empty();
    }
    int rows = layout.shape().dim(0);
    int columns = layout.shape().dim(1);
    // The stride along an axis of extent 1 says nothing.
    int down = rows == 1 ? Math.max(1, columns) : layout.stride(0);
    int right = columns == 1 ? Math.max(1, rows) : layout.stride(1);
    CudaBuffer buffer = (CudaBuffer) operand.buffer();
    long address = buffer.address() + (long) layout.offset() * buffer.type().bytes();
    if ((layout.stride(1) == 1 || columns == 1) && down >= columns) {
      return Optional.of(new Matrix(address, buffer.type(), false, down));
    }
    return (layout.stride(0) == 1 || rows == 1) && right >= rows
        ? Optional.of(new Matrix(address, buffer.type(), true, right))
        : Optional.empty();
  }

  /** The same elements with the axes exchanged. */
  Matrix transpose() {
    return new Matrix(address, type, !transposed, stride);
  }
}
