package nn.bench;

import nn.bench.peer.GemmPeer;

/** A peer in plain Java. */
public class FakePeer implements GemmPeer {
  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Product prepare(int m, int n, int k, float[] a, float[] b, int threads) {
    float[] c = new float[m * n];
    return new Product() {
      @Override
      public void run() {
        for (int i = 0; i < c.length; i++) {
          double sum = 0;
          for (int p = 0; p < k; p++) {
            sum += (double) a[i / n * k + p] * b[p * n + i % n];
          }
          c[i] = element(i, (float) sum);
        }
      }

      @Override
      public float[] result() {
        return c;
      }

      @Override
      public void close() {}
    };
  }

  float element(int index, float value) {
    return value;
  }

  /** A peer whose library is missing. */
  public static final class Missing extends FakePeer {
    @Override
    public String name() {
      return "missing";
    }

    @Override
    public Product prepare(int m, int n, int k, float[] a, float[] b, int threads) {
      throw new UnsatisfiedLinkError("libmissing.so: cannot open shared object file");
    }
  }

  /** A peer that computes something else. */
  public static final class Wrong extends FakePeer {
    @Override
    public String name() {
      return "wrong";
    }

    @Override
    float element(int index, float value) {
      return index % 2 == 0 ? value : value + 0.1f;
    }
  }
}
