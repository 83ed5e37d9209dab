package nn.cpu.gemm;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The micro-kernels of one kind of tile, each made when it is first asked for. Safe for use by
 * several threads.
 */
final class MicroKernels {
  private final int tileVectors;
  private final AtomicReferenceArray<MicroKernel> kernels;

  MicroKernels(Blocking blocking) {
    this.tileVectors = blocking.tileVectors();
    this.kernels = new AtomicReferenceArray<>(2 * (blocking.tileRows() + 1) * (tileVectors + 1));
  }

  /** The kernel for a tile of so many rows and vectors. */
  MicroKernel get(int rows, int vectors, boolean adds) {
    int index = (rows * (tileVectors + 1) + vectors) * 2 + (adds ? 1 : 0);
    MicroKernel kernel = kernels.getAcquire(index);
    return kernel != null ? kernel : make(index, rows, vectors, adds);
  }

  private MicroKernel make(int index, int rows, int vectors, boolean adds) {
    MicroKernel made = MicroKernelMaker.make(new MicroKernelShape(rows, vectors, adds));
    MicroKernel earlier = kernels.compareAndExchange(index, null, made);
    return earlier != null ? earlier : made;
  }
}
