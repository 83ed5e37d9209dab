package nn.peers;

import nn.bench.peer.GemmPeer;
import org.bytedeco.javacpp.FloatPointer;

/** A product by a library that has the C interface of BLAS, on memory outside the heap. */
abstract class Blas implements GemmPeer {
  /** CblasRowMajor of the C interface. */
  static final int ROW_MAJOR = 101;

  /** CblasNoTrans of the C interface. */
  static final int NOT_TRANSPOSED = 111;

  /** Has the library, which this loads, compute with so many threads. */
  abstract void useThreads(int threads);

  /** C = A B, row-major and dense. */
  abstract void sgemm(int m, int n, int k, FloatPointer a, FloatPointer b, FloatPointer c);

  @Override
  public final Product prepare(int m, int n, int k, float[] a, float[] b, int threads) {
    useThreads(threads);
    FloatPointer left = new FloatPointer(a);
    FloatPointer right = new FloatPointer(b);
    FloatPointer out = new FloatPointer((long) m * n);
    return new Product() {
      @Override
      public void run() {
        sgemm(m, n, k, left, right, out);
      }

      @Override
      public float[] result() {
        float[] values = new float[m * n];
        out.get(values);
        return values;
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
