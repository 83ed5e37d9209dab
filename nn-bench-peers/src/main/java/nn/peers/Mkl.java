package nn.peers;

import static org.bytedeco.mkl.global.mkl_rt.MKL_Set_Dynamic;
import static org.bytedeco.mkl.global.mkl_rt.MKL_Set_Num_Threads;
import static org.bytedeco.mkl.global.mkl_rt.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/** Intel's MKL, by JavaCPP's preset. */
public final class Mkl extends Blas {
  @Override
  public String name() {
    return "mkl";
  }

  @Override
  void useThreads(int threads) {
    MKL_Set_Dynamic(0);
    MKL_Set_Num_Threads(threads);
  }

  @Override
  void sgemm(int m, int n, int k, FloatPointer a, FloatPointer b, FloatPointer c) {
    cblas_sgemm(ROW_MAJOR, NOT_TRANSPOSED, NOT_TRANSPOSED, m, n, k, 1f, a, k, b, n, 0f, c, n);
  }
}
