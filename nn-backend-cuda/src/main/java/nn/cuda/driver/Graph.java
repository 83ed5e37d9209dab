package nn.cuda.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** Work that was recorded once and can be given to a stream as a whole. */
public final class Graph implements AutoCloseable {
  private final CUgraphExec handle = new CUgraphExec();
  private boolean closed;

  /** Makes the recorded work ready, and takes care of the recording. */
  Graph(CUgraph recorded) {
    int result = JCudaDriver.cuGraphInstantiate(handle, recorded, 0);
    JCudaDriver.cuGraphDestroy(recorded);
    Status.check(result, "make a graph ready");
  }

  CUgraphExec handle() {
    return handle;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      JCudaDriver.cuGraphExecDestroy(handle);
    }
  }
}
