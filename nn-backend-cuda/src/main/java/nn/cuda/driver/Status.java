package nn.cuda.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Turns what the driver's functions return into exceptions. */
final class Status {
  private Status() {}

  /**
   * Throws unless a call succeeded.
   *
   * @param action what was tried, to follow "CUDA could not"
   */
  static void check(int result, String action) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw failure(result, action);
    }
  }

  private static CudaException failure(int result, String action) {
    String[] name = {""};
    String[] words = {""};
    JCudaDriver.cuGetErrorName(result, name);
    JCudaDriver.cuGetErrorString(result, words);
    return new CudaException(
        "CUDA could not %s: %s (%s)%s".formatted(action, name[0], words[0], advice(result)),
        result == CUresult.CUDA_ERROR_OUT_OF_MEMORY);
  }

  private static String advice(int result) {
    return switch (result) {
      case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED ->
          "; the card cannot be used any more by this process: start it again";
      default -> "";
    };
  }
}
