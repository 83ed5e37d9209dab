package nn.cuda;

import java.nio.file.Path;
import java.util.Objects;
import nn.backend.Device;
import nn.backend.Precision;
import nn.backend.Probe;

/** Backends on the emulated card; a test requires that before. */
final class EmulatedBackends {
  /** Products of all sizes go to cuBLAS. */
  static final long NONE_FUSED = -1;

  private EmulatedBackends() {}

  /** What the emulated card says that it is. */
  static Device device() {
    Probe probe = new CudaProvider().probe();
    return Objects.requireNonNull(probe.device(), probe::reason);
  }

  /** A backend as a user gets it. */
  static CudaBackend open() {
    return open(ProductBinder.MOST_WORK);
  }

  /**
   * A backend.
   *
   * @param mostFused multiplications up to which a product is computed by a kernel of our own
   */
  static CudaBackend open(long mostFused) {
    return open(mostFused, Path.of("target", "code-cache"));
  }

  /**
   * A backend that keeps compiled kernels in a folder.
   *
   * @param mostFused multiplications up to which a product is computed by a kernel of our own
   */
  static CudaBackend open(long mostFused, Path codeFolder) {
    return new CudaBackend(device(), new Session(codeFolder, Precision.F32), mostFused);
  }
}
