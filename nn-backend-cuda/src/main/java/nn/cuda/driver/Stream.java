package nn.cuda.driver;

import jcuda.Pointer;
import jcuda.driver.CUgraph;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** Work for the card in the order given. */
public final class Stream implements AutoCloseable {
  private final CUstream handle = new CUstream();
  private boolean closed;

  /** A stream of the current context that waits for no other. */
  public Stream() {
    Status.check(
        JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING), "make a stream");
  }

  /** JCuda's name for it. */
  public CUstream handle() {
    return handle;
  }

  /** Copies from the host; the memory must be pinned and stay as it is until the copy is done. */
  public void upload(long target, PinnedMemory source, long bytes) {
    Status.check(
        JCudaDriver.cuMemcpyHtoDAsync(DeviceAddress.of(target), source.pointer(), bytes, handle),
        "copy to the card");
  }

  /** Copies to the host. */
  public void download(PinnedMemory target, long source, long bytes) {
    Status.check(
        JCudaDriver.cuMemcpyDtoHAsync(target.pointer(), DeviceAddress.of(source), bytes, handle),
        "copy from the card");
  }

  /** Fills memory with zeros. */
  public void clear(long address, long bytes) {
    Status.check(
        JCudaDriver.cuMemsetD8Async(DeviceAddress.of(address), (byte) 0, bytes, handle),
        "clear memory of the card");
  }

  /**
   * Runs a kernel.
   *
   * @param arguments copied before this returns
   */
  public void launch(Kernel kernel, Grid grid, Arguments arguments) {
    int result =
        JCudaDriver.cuLaunchKernel(
            kernel.handle(),
            grid.blocksX(),
            grid.blocksY(),
            1,
            grid.threadsX(),
            grid.threadsY(),
            1,
            0,
            handle,
            arguments.pointer(),
            NOTHING);
    Status.check(result, "run the kernel " + kernel.name());
  }

  private static final Pointer NOTHING = new Pointer();

  /** Waits until all work is done. */
  public void synchronize() {
    Status.check(JCudaDriver.cuStreamSynchronize(handle), "finish the work given to it");
  }

  /** What the action gives to this stream, made ready to be run many times, and not run. */
  public Graph capture(Runnable action) {
    Status.check(
        JCudaDriver.cuStreamBeginCapture(
            handle, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED),
        "begin to record a graph");
    CUgraph graph = new CUgraph();
    try {
      action.run();
    } catch (RuntimeException failed) {
      // Ends the capture, so that the stream can be used again.
      if (JCudaDriver.cuStreamEndCapture(handle, graph) == CUresult.CUDA_SUCCESS) {
        JCudaDriver.cuGraphDestroy(graph);
      }
      throw failed;
    }
    Status.check(JCudaDriver.cuStreamEndCapture(handle, graph), "record a graph");
    return new Graph(graph);
  }

  /** Runs a graph. */
  public void launch(Graph graph) {
    Status.check(JCudaDriver.cuGraphLaunch(graph.handle(), handle), "run a graph");
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      JCudaDriver.cuStreamDestroy(handle);
    }
  }
}
