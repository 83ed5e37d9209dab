package nn.peers;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import nn.bench.peer.GemmPeer;

/** PyTorch on the CPU, by DJL. Each product is a new array: DJL has no way to give one. */
public final class PyTorch implements GemmPeer {
  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public Product prepare(int m, int n, int k, float[] a, float[] b, int threads) {
    // DJL reads these when its engine starts. Everything it needs came by Maven.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
    NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    NDArray left = manager.create(a, new Shape(m, k));
    NDArray right = manager.create(b, new Shape(k, n));
    return new Product() {
      @Override
      public void run() {
        left.matMul(right).close();
      }

      @Override
      public float[] result() {
        try (NDArray product = left.matMul(right)) {
          return product.toFloatArray();
        }
      }

      @Override
      public void close() {
        manager.close();
      }
    };
  }
}
