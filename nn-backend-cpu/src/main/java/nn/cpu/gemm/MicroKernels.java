package nn.cpu.gemm;

import java.util.concurrent.atomic.AtomicReferenceArray;
import nn.cpu.gemm.MicroKernelShape.Addressing;
import nn.cpu.gemm.MicroKernelShape.Ending;

/**
 * The micro-kernels that find elements in one way, each made when it is first asked for. Safe for
 * use by several threads.
 */
final class MicroKernels {
  private static final int ENDINGS = Ending.values().length;

  private final Addressing addressing;
  private final int widths;
  private final AtomicReferenceArray<MicroKernel> kernels;

  MicroKernels(Blocking blocking, Addressing addressing) {
    this.addressing = addressing;
    Tiles tiles = blocking.tiles();
    int heights = Math.max(tiles.fromPanels().rows(), tiles.mostRows()) + 1;
    widths = Math.max(tiles.fromPanels().vectors(), tiles.mostVectors()) + 1;
    kernels = new AtomicReferenceArray<>(ENDINGS * heights * widths);
  }

  /** The kernel for a tile of so many rows and vectors. */
  MicroKernel get(int rows, int vectors, Ending ending) {
    int index = (rows * widths + vectors) * ENDINGS + ending.number;
    MicroKernel kernel = kernels.getAcquire(index);
    return kernel != null
        ? kernel
        : make(index, new MicroKernelShape(rows, vectors, addressing, ending));
  }

  private MicroKernel make(int index, MicroKernelShape shape) {
    MicroKernel made = MicroKernelMaker.make(shape);
    MicroKernel earlier = kernels.compareAndExchange(index, null, made);
    return earlier != null ? earlier : made;
  }
}
