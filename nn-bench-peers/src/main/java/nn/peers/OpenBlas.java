package nn.peers;

import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/** OpenBLAS, by JavaCPP's preset. */
public final class OpenBlas extends Blas {
  @Override
  public String name() {
    return "openblas";
  }

  @Override
  void useThreads(int threads) {
    blas_set_num_threads(threads);
  }

  @Override
  void sgemm(int m, int n, int k, FloatPointer a, FloatPointer b, FloatPointer c) {
    cblas_sgemm(ROW_MAJOR, NOT_TRANSPOSED, NOT_TRANSPOSED, m, n, k, 1f, a, k, b, n, 0f, c, n);
  }
}
