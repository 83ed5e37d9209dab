package nn.peers;

import nn.bench.peer.GemmPeer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J, the arrays of DL4J, on the CPU. Column-major, as it likes them best. */
public final class Nd4jPeer implements GemmPeer {
  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public Product prepare(int m, int n, int k, float[] a, float[] b, int threads) {
    INDArray left = Nd4j.create(a, new int[] {m, k}, 'c').dup('f');
    INDArray right = Nd4j.create(b, new int[] {k, n}, 'c').dup('f');
    INDArray out = Nd4j.create(new int[] {m, n}, 'f');
    Nd4j.getEnvironment().setMaxThreads(threads);
    openblas_nolapack.blas_set_num_threads(threads); // ND4J computes products with OpenBLAS
    return new Product() {
      @Override
      public void run() {
        Nd4j.gemm(left, right, out, false, false, 1, 0);
      }

      @Override
      public float[] result() {
        return out.dup('c').data().asFloat();
      }

      @Override
      public void close() {
        left.close();
        right.close();
        out.close();
      }
    };
  }
}
