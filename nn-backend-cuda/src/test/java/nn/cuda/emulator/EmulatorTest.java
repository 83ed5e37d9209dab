package nn.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.runtime.cudaStream_t;
import nn.cuda.natives.CudaLibraries;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The emulator obeys and enforces CUDA's rules: each broken one has a name. */
class EmulatorTest {
  private static final int N = 1000;
  private static final String SOURCE =
      """
      extern "C" __global__ void __launch_bounds__(256) scale(
          const float* __restrict__ x, float* __restrict__ y, int n, float factor) {
        for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
          y[i] = x[i] * factor;
        }
      }
      extern "C" __global__ void vectors(const float* x, float* y, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) reinterpret_cast<float4*>(y)[i] = reinterpret_cast<const float4*>(x)[i];
      }
      """;
  private static final String MEETING =
      """
      extern "C" __global__ void total(const float* __restrict__ x, float* y, int n, int wait) {
        __shared__ float warps[8];
        float sum = 0;
        for (int i = threadIdx.x; i < n; i += blockDim.x) sum += x[i];
        for (int d = 16; d > 0; d >>= 1) sum += __shfl_xor_sync(0xffffffff, sum, d);
        if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = sum;
        if (wait == 1 || (wait == 2 && threadIdx.x < 64)) __syncthreads();
        if (threadIdx.x == 0) {
          for (int w = 1; w < 8; w++) sum += warps[w];
          y[0] = sum;
        }
      }
      """;

  private Emulator emulator;
  private CUstream stream;
  private @Nullable CUmodule module;
  private boolean lost;
  private final CUdeviceptr x = new CUdeviceptr();
  private final CUdeviceptr y = new CUdeviceptr();

  @BeforeEach
  void openCard() {
    emulator = Emulator.require();
    CudaLibraries.load();
    ok(JCudaDriver.cuInit(0));
    CUdevice device = new CUdevice();
    ok(JCudaDriver.cuDeviceGet(device, 0));
    CUcontext context = new CUcontext();
    ok(JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
    ok(JCudaDriver.cuCtxSetCurrent(context));
    stream = new CUstream();
    ok(JCudaDriver.cuStreamCreate(stream, 1));
    ok(JCudaDriver.cuMemAlloc(x, N * 4));
    ok(JCudaDriver.cuMemAlloc(y, N * 4));
    float[] values = new float[N];
    for (int i = 0; i < N; i++) {
      values[i] = i % 7;
    }
    ok(JCudaDriver.cuMemcpyHtoDAsync(x, Pointer.to(values), N * 4, stream));
    ok(JCudaDriver.cuMemsetD32Async(y, 0, N, stream));
  }

  @AfterEach
  void closeCard() {
    if (emulator == null) {
      return;
    }
    emulator.reset();
    if (lost) { // and with the card all that lived on it
      assertThat(emulator.living()).isEmpty();
      return;
    }
    if (module != null) {
      ok(JCudaDriver.cuModuleUnload(module));
    }
    JCudaDriver.cuMemFree(x);
    JCudaDriver.cuMemFree(y);
    ok(JCudaDriver.cuStreamDestroy(stream));
    ok(JCudaDriver.cuDevicePrimaryCtxRelease(new CUdevice()));
    assertThat(emulator.living()).isEmpty();
  }

  private static void ok(int status) {
    assertThat(CUresult.stringFor(status)).isEqualTo("CUDA_SUCCESS");
  }

  private CUfunction function(String source, String name) {
    nvrtcProgram program = new nvrtcProgram();
    ok(JNvrtc.nvrtcCreateProgram(program, source, "test.cu", 0, null, null));
    String[] options = {"--gpu-architecture=sm_86", "--fmad=false", "-std=c++17"};
    int compiled = JNvrtc.nvrtcCompileProgram(program, options.length, options);
    String[] log = new String[1];
    JNvrtc.nvrtcGetProgramLog(program, log);
    assertThat(compiled).as(log[0]).isZero();
    long[] size = new long[1];
    ok(JNvrtc.nvrtcGetCUBINSize(program, size));
    byte[] image = new byte[(int) size[0]];
    ok(JNvrtc.nvrtcGetCUBIN(program, image));
    ok(JNvrtc.nvrtcDestroyProgram(program));
    CUmodule loaded = new CUmodule();
    ok(JCudaDriver.cuModuleLoadData(loaded, image));
    module = loaded;
    CUfunction function = new CUfunction();
    ok(JCudaDriver.cuModuleGetFunction(function, loaded, name));
    return function;
  }

  private int launch(CUfunction function, Pointer parameters) {
    return JCudaDriver.cuLaunchKernel(function, 2, 1, 1, 256, 1, 1, 0, stream, parameters, null);
  }

  private int scale(CUdeviceptr from, int n) {
    CUfunction function = function(SOURCE, "scale");
    return launch(
        function,
        Pointer.to(
            Pointer.to(from),
            Pointer.to(y),
            Pointer.to(new int[] {n}),
            Pointer.to(new float[] {3})));
  }

  private float[] read() {
    float[] values = new float[N];
    ok(JCudaDriver.cuMemcpyDtoHAsync(Pointer.to(values), y, N * 4, stream));
    return values;
  }

  private void fails(String rule) {
    int status = JCudaDriver.cuStreamSynchronize(stream);
    assertThat(status).isNotZero();
    assertThat(emulator.violations()).first().asString().startsWith(rule);
    String[] text = new String[1];
    JCudaDriver.cuGetErrorString(status, text);
    assertThat(text[0]).contains(rule);
  }

  @Test
  void runsAKernel() {
    ok(scale(x, N));
    float[] values = read();
    for (int i = 0; i < N; i++) {
      assertThat(values[i]).isEqualTo(i % 7 * 3);
    }
    assertThat(emulator.violations()).isEmpty();
  }

  @Test
  void threadsMeetInBarriersAndShuffles() {
    ok(total(1));
    assertThat(read()[0]).isEqualTo(2997);
    assertThat(emulator.violations()).isEmpty();
  }

  private int total(int wait) {
    CUfunction function = function(MEETING, "total");
    return launch(
        function,
        Pointer.to(
            Pointer.to(x), Pointer.to(y), Pointer.to(new int[] {N}), Pointer.to(new int[] {wait})));
  }

  @Test
  void namesARaceInSharedMemory() {
    ok(total(0));
    fails("race in shared memory: kernel total");
  }

  @Test
  void namesADivergentBarrier() {
    ok(total(2));
    fails("divergent barrier");
  }

  @Test
  void namesWhatIsOutOfBounds() {
    ok(scale(x, N + 1));
    fails("out of bounds: kernel scale");
  }

  @Test
  void namesAUseAfterFree() {
    CUdeviceptr z = new CUdeviceptr();
    ok(JCudaDriver.cuMemAlloc(z, N * 4));
    ok(JCudaDriver.cuMemFree(z));
    ok(scale(z, N));
    fails("use after free");
  }

  @Test
  void namesAnUnalignedVectorLoad() {
    CUfunction function = function(SOURCE, "vectors");
    CUdeviceptr odd = x.withByteOffset(4);
    ok(launch(function, Pointer.to(Pointer.to(odd), Pointer.to(y), Pointer.to(new int[] {8}))));
    fails("unaligned access: kernel vectors");
  }

  @Test
  void namesAnAllocationInsideACapture() {
    ok(JCudaDriver.cuStreamBeginCapture(stream, 0));
    CUdeviceptr z = new CUdeviceptr();
    assertThat(JCudaDriver.cuMemAlloc(z, 4)).isEqualTo(900);
    assertThat(JCudaDriver.cuStreamEndCapture(stream, new CUgraph())).isEqualTo(901);
    assertThat(emulator.violations()).containsExactly("allocation inside a capture: cuMemAlloc");
  }

  @Test
  void namesASynchronizationInsideACapture() {
    ok(JCudaDriver.cuStreamBeginCapture(stream, 0));
    assertThat(JCudaDriver.cuCtxSynchronize()).isEqualTo(900);
    assertThat(JCudaDriver.cuStreamEndCapture(stream, new CUgraph())).isEqualTo(901);
    assertThat(emulator.violations()).first().asString().startsWith("synchronize inside a capture");
  }

  @Test
  void namesAWrongStream() {
    assertThat(JCudaDriver.cuMemsetD32Async(y, 0, N, new CUstream())).isEqualTo(400);
    assertThat(emulator.violations()).first().asString().startsWith("wrong stream");
    emulator.reset();
    CUstream other = new CUstream();
    ok(JCudaDriver.cuStreamCreate(other, 1));
    ok(JCudaDriver.cuMemsetD32Async(y, 0, N, stream));
    ok(JCudaDriver.cuMemsetD32Async(y, 0, N, other));
    JCudaDriver.cuStreamSynchronize(other);
    fails("wrong stream: cuMemsetD32Async on stream");
    emulator.reset();
    ok(JCudaDriver.cuStreamDestroy(other));
  }

  @Test
  void eventsTellTheTimeBetweenThem() {
    CUevent start = event(0);
    CUevent end = event(0);
    float[] millis = {-1};
    ok(JCudaDriver.cuEventRecord(start, stream));
    ok(scale(x, N));
    ok(JCudaDriver.cuEventRecord(end, stream));
    assertThat(JCudaDriver.cuEventElapsedTime(millis, start, end)).isEqualTo(600);
    ok(JCudaDriver.cuEventSynchronize(end));
    assertThat(emulator.violations()).containsExactly("unreached event: cuEventElapsedTime");
    ok(JCudaDriver.cuEventElapsedTime(millis, start, end));
    assertThat(millis[0]).isPositive();
    ok(JCudaDriver.cuEventRecord(end, stream));
    assertThat(JCudaDriver.cuEventElapsedTime(millis, start, end)).isEqualTo(600);
    destroy(start, end);
  }

  @Test
  void namesEventsThatHaveNoTime() {
    CUevent recorded = event(0);
    CUevent untimed = event(2);
    CUevent inGraph = event(0);
    ok(JCudaDriver.cuEventRecord(recorded, stream));
    ok(JCudaDriver.cuEventRecord(untimed, stream));
    ok(JCudaDriver.cuStreamSynchronize(stream));
    ok(JCudaDriver.cuStreamBeginCapture(stream, 0));
    ok(JCudaDriver.cuEventRecord(inGraph, stream));
    CUgraph graph = new CUgraph();
    ok(JCudaDriver.cuStreamEndCapture(stream, graph));
    ok(JCudaDriver.cuGraphDestroy(graph));
    CUevent never = event(0);
    float[] millis = new float[1];
    assertThat(JCudaDriver.cuEventElapsedTime(millis, recorded, untimed)).isEqualTo(400);
    assertThat(JCudaDriver.cuEventElapsedTime(millis, never, recorded)).isEqualTo(400);
    assertThat(JCudaDriver.cuEventElapsedTime(millis, recorded, inGraph)).isEqualTo(907);
    assertThat(JCudaDriver.cuEventSynchronize(inGraph)).isEqualTo(907);
    assertThat(emulator.violations())
        .containsExactly(
            "untimed event: cuEventElapsedTime of one made without timing",
            "untimed event: cuEventElapsedTime of one never recorded",
            "event of a capture: cuEventElapsedTime",
            "event of a capture: cuEventSynchronize");
    destroy(recorded, untimed, inGraph, never);
  }

  @Test
  void namesAnEventThatDoesNotLiveOrLivesTooLong() {
    CUevent event = event(0);
    destroy(event);
    assertThat(JCudaDriver.cuEventDestroy(event)).isEqualTo(400);
    assertThat(JCudaDriver.cuEventRecord(event, stream)).isEqualTo(400);
    assertThat(emulator.violations())
        .containsExactly("invalid handle: cuEventDestroy", "invalid handle: cuEventRecord");
    CUevent left = event(0);
    JCudaDriver.cuDevicePrimaryCtxRelease(new CUdevice());
    assertThat(emulator.violations()).last().asString().startsWith("leak: ").contains("1 events");
    ok(JCudaDriver.cuDevicePrimaryCtxRetain(new CUcontext(), new CUdevice()));
    destroy(left);
  }

  private static CUevent event(int flags) {
    CUevent event = new CUevent();
    ok(JCudaDriver.cuEventCreate(event, flags));
    return event;
  }

  private static void destroy(CUevent... events) {
    for (CUevent event : events) {
      ok(JCudaDriver.cuEventDestroy(event));
    }
  }

  @Test
  void namesALeak() {
    JCudaDriver.cuDevicePrimaryCtxRelease(new CUdevice());
    assertThat(emulator.violations()).first().asString().startsWith("leak: 2 allocations");
    CUcontext context = new CUcontext();
    ok(JCudaDriver.cuDevicePrimaryCtxRetain(context, new CUdevice()));
  }

  @Test
  void aGraphReplaysWhatWasCaptured() {
    CUfunction function = function(SOURCE, "scale");
    Pointer parameters =
        Pointer.to(
            Pointer.to(y), Pointer.to(y), Pointer.to(new int[] {N}), Pointer.to(new float[] {2}));
    ok(JCudaDriver.cuMemcpyDtoDAsync(y, x, N * 4, stream));
    ok(JCudaDriver.cuStreamBeginCapture(stream, 0));
    ok(launch(function, parameters));
    CUgraph graph = new CUgraph();
    ok(JCudaDriver.cuStreamEndCapture(stream, graph));
    CUgraphExec executable = new CUgraphExec();
    ok(JCudaDriver.cuGraphInstantiate(executable, graph, 0));
    ok(JCudaDriver.cuGraphLaunch(executable, stream));
    ok(JCudaDriver.cuGraphLaunch(executable, stream));
    assertThat(read()[6]).isEqualTo(24);
    ok(JCudaDriver.cuGraphExecDestroy(executable));
    ok(JCudaDriver.cuGraphDestroy(graph));
    assertThat(emulator.violations()).isEmpty();
  }

  @Test
  void multipliesMatrices() {
    cublasHandle handle = new cublasHandle();
    ok(JCublas2.cublasCreate(handle));
    ok(JCublas2.cublasSetStream(handle, new cudaStream_t(stream)));
    Pointer one = Pointer.to(new float[] {1});
    Pointer zero = Pointer.to(new float[] {0});
    // Row 1 of x is 0 1 2 3, and so on: columns of a 4x3 matrix, times 3x2.
    ok(JCublas2.cublasSgemm(handle, 0, 0, 4, 2, 3, one, x, 4, x, 3, zero, y, 4));
    float[] c = read();
    assertThat(c[0]).isEqualTo(0 * 0 + 4 * 1 + 1 * 2);
    assertThat(c[7]).isEqualTo(3 * 3 + 0 * 4 + 4 * 5);
    ok(JCublas2.cublasSgemm(handle, 0, 0, 100, 10, 10, one, x, 100, x, 10, zero, y, 101));
    fails("out of bounds: cublasSgemm");
    ok(JCublas2.cublasDestroy(handle));
  }

  @Test
  void failsWhenToldTo() {
    emulator.failAllocation(2);
    CUdeviceptr z = new CUdeviceptr();
    ok(JCudaDriver.cuMemAlloc(z, 4));
    assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(2);
    ok(JCudaDriver.cuMemFree(z));
    emulator.failLaunch(1);
    assertThat(scale(x, N)).isEqualTo(719);
    emulator.setMemory(10000);
    assertThat(JCudaDriver.cuMemAlloc(z, 4000)).isEqualTo(2);
    emulator.loseDevice();
    lost = true;
    assertThat(JCudaDriver.cuStreamSynchronize(stream)).isEqualTo(999);
  }
}
