package nn.cuda.blas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUdeviceptr;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import nn.backend.DType;
import nn.backend.Precision;
import nn.cuda.driver.CudaException;
import nn.cuda.driver.Stream;
import nn.cuda.memory.CudaBuffer;

/**
 * cuBLAS on one stream, with a workspace of its own: so it never allocates, and products can be
 * recorded into graphs.
 */
public final class Blas implements AutoCloseable {
  private final cublasHandle handle = new cublasHandle();
  private final Pointer one = number(1);
  private final Pointer zero = number(0);
  private final int computeType;
  private boolean closed;

  /**
   * Opens cuBLAS.
   *
   * @param workspace lent to cuBLAS while this is open
   */
  public Blas(Stream stream, CudaBuffer workspace, Precision precision) {
    check(JCublas2.cublasCreate(handle), "start");
    try {
      check(JCublas2.cublasSetStream(handle, new cudaStream_t(stream.handle())), "take a stream");
      Pointer memory = pointer(workspace.address());
      check(
          JCublas2.cublasSetWorkspace(handle, memory, workspace.bytes()), "take memory to work in");
    } catch (CudaException failed) {
      JCublas2.cublasDestroy(handle);
      throw failed;
    }
    computeType =
        switch (precision) {
          case F32 -> cublasComputeType.CUBLAS_COMPUTE_32F;
          case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
          case BF16 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16BF;
        };
  }

  private static Pointer number(float value) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder());
    return Pointer.to(buffer.putFloat(0, value));
  }

  private static Pointer pointer(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  /** The product of two factors, [m, k] and [k, n], into a matrix of F32. */
  public Runnable product(Matrix a, Matrix b, Matrix c, int m, int n, int k) {
    // What is row-major here is its transpose to cuBLAS: C' = B' A' gives C without a copy.
    return c.transposed() ? call(a.transpose(), b.transpose(), c, m, n, k) : call(b, a, c, n, m, k);
  }

  /** Computes C' [rows, columns] from factors whose transposes are given, row-major. */
  private Runnable call(Matrix left, Matrix right, Matrix c, int rows, int columns, int k) {
    Pointer a = pointer(left.address());
    Pointer b = pointer(right.address());
    Pointer target = pointer(c.address());
    return () ->
        check(
            JCublas2.cublasGemmEx_new(
                handle,
                operation(left),
                operation(right),
                rows,
                columns,
                k,
                one,
                a,
                type(left),
                left.stride(),
                b,
                type(right),
                right.stride(),
                zero,
                target,
                type(c),
                c.stride(),
                left.type() == DType.F32 ? computeType : cublasComputeType.CUBLAS_COMPUTE_32F,
                cublasGemmAlgo.CUBLAS_GEMM_DEFAULT),
            "multiply matrices of %d x %d x %d".formatted(rows, columns, k));
  }

  private static int operation(Matrix factor) {
    return factor.transposed() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
  }

  private static int type(Matrix matrix) {
    return matrix.type() == DType.BF16 ? cudaDataType.CUDA_R_16BF : cudaDataType.CUDA_R_32F;
  }

  private static void check(int status, String action) {
    if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      throw new CudaException(
          "cuBLAS could not " + action + ": " + JCublas2.cublasGetStatusName(status));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      JCublas2.cublasDestroy(handle);
    }
  }
}
