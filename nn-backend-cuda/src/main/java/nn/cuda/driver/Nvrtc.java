package nn.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/**
 * NVIDIA's compiler for CUDA C, for one architecture: to machine code where it knows the card, else
 * to PTX of the newest architecture before it, which the driver compiles.
 */
public final class Nvrtc {
  private static final String[] OPTIONS = {"--fmad=false", "-std=c++17"};

  private final String version;
  private final String target;

  /**
   * A compiler for a card.
   *
   * @param architecture the compute capability, such as 90
   * @throws CudaException if the compiler is too new for the card
   */
  public Nvrtc(int architecture) {
    int[] major = new int[1];
    int[] minor = new int[1];
    check(JNvrtc.nvrtcVersion(major, minor), "tell its version");
    this.version = major[0] + "." + minor[0];
    int newest = Arrays.stream(supported()).filter(known -> known <= architecture).max().orElse(-1);
    if (newest < 0) {
      throw new CudaException(
          "NVRTC %s has dropped cards of compute capability %.1f; install an older CUDA"
              .formatted(version, architecture / 10.0));
    }
    this.target = (newest == architecture ? "sm_" : "compute_") + newest;
  }

  private static int[] supported() {
    int[] count = new int[1];
    check(JNvrtc.nvrtcGetNumSupportedArchs(count), "count its architectures");
    int[] known = new int[count[0]];
    check(JNvrtc.nvrtcGetSupportedArchs(known), "list its architectures");
    return known;
  }

  /** All that compiled code depends on besides its source. */
  public String identity() {
    return "nvrtc " + version + " " + target + " " + String.join(" ", OPTIONS);
  }

  /**
   * Compiles a source. Safe for use by several threads at once.
   *
   * @return code for {@link Kernel}
   * @throws CudaException with the compiler's own words
   */
  public byte[] compile(String source, String name) {
    nvrtcProgram program = new nvrtcProgram();
    check(
        JNvrtc.nvrtcCreateProgram(program, source, name + ".cu", 0, null, null),
        "take the kernel " + name);
    try {
      String[] options =
          Stream.concat(Stream.of("--gpu-architecture=" + target), Arrays.stream(OPTIONS))
              .toArray(String[]::new);
      int result = JNvrtc.nvrtcCompileProgram(program, options.length, options);
      if (result != nvrtcResult.NVRTC_SUCCESS) {
        throw new CudaException(
            "NVRTC %s could not compile the kernel %s: %s%n%s"
                .formatted(version, name, JNvrtc.nvrtcGetErrorString(result), log(program)));
      }
      return target.startsWith("sm_") ? cubin(program) : ptx(program);
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static byte[] cubin(nvrtcProgram program) {
    long[] size = new long[1];
    check(JNvrtc.nvrtcGetCUBINSize(program, size), "tell the size of its code");
    byte[] code = new byte[Math.toIntExact(size[0])];
    check(JNvrtc.nvrtcGetCUBIN(program, code), "hand over its code");
    return code;
  }

  private static byte[] ptx(nvrtcProgram program) {
    String[] text = new String[1];
    check(JNvrtc.nvrtcGetPTX(program, text), "hand over its code");
    return (text[0] + '\0').getBytes(StandardCharsets.US_ASCII);
  }

  private static String log(nvrtcProgram program) {
    String[] text = {""};
    JNvrtc.nvrtcGetProgramLog(program, text);
    return text[0];
  }

  private static void check(int result, String action) {
    if (result != nvrtcResult.NVRTC_SUCCESS) {
      throw new CudaException(
          "NVRTC could not " + action + ": " + JNvrtc.nvrtcGetErrorString(result));
    }
  }
}
