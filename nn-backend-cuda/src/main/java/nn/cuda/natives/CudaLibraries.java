package nn.cuda.natives;

import java.io.IOException;
import java.util.function.UnaryOperator;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The libraries of CUDA, loaded into this process.
 *
 * @param toolkit which cuBLAS and NVRTC
 * @param driver the driver's library
 * @param driverVersion the newest CUDA that it knows, 1000 major + 10 minor
 */
public record CudaLibraries(Toolkit toolkit, Located driver, int driverVersion) {
  /** NVRTC and cuBLAS 13 know no older card. */
  private static final int OLDEST_CAPABILITY_OF_CUDA_13 = 75;

  /**
   * Loads everything by its full path; what is loaded already stays, so a second call is cheap.
   *
   * @throws CudaUnavailableException if a library lacks or cannot be loaded
   */
  public static CudaLibraries load() {
    return load(CudaInstallation.find());
  }

  /** Loads what was found. */
  public static CudaLibraries load(CudaInstallation installation) {
    installation
        .problem()
        .ifPresent(problem -> {
          throw problem;
        });
    synchronized (CudaLibraries.class) { // while JCuda loads, java.io.tmpdir is another
      try {
        return loadInOrder(installation);
      } catch (IOException e) {
        throw new CudaUnavailableException(
            "cannot unpack JCuda's natives: " + e.getMessage(),
            "Make "
                + installation.environment().cache()
                + " a folder that you alone can write to, or set XDG_CACHE_HOME");
      }
    }
  }

  private static CudaLibraries loadInOrder(CudaInstallation installation) throws IOException {
    Environment environment = installation.environment();
    Platform platform = environment.platform().orElseThrow();
    Located driver = installation.driver().orElseThrow();
    NativeLoading.load(driver.file());
    natives(environment, platform, 12)
        .load("JCudaDriver", "jcuda.driver.JCudaDriver", UnaryOperator.identity());
    int version = versionOfDriver();
    Toolkit toolkit = choose(installation, version);
    toolkit.files(platform).forEach(NativeLoading::load);
    JcudaNatives natives = natives(environment, platform, toolkit.major());
    natives.load(
        "JNvrtc",
        "jcuda.nvrtc.JNvrtc",
        needing(platform.nvrtc(12), platform.nvrtc(toolkit.major())));
    natives.load(
        "JCublas2",
        "jcuda.jcublas.JCublas2",
        needing(platform.cublas(12), platform.cublas(toolkit.major())));
    return new CudaLibraries(toolkit, driver, version);
  }

  private static JcudaNatives natives(Environment environment, Platform platform, int major)
      throws IOException {
    return new JcudaNatives(platform, PrivateFolder.open(JcudaNatives.folder(environment, major)));
  }

  private static UnaryOperator<byte[]> needing(String from, String to) {
    return from.equals(to) ? UnaryOperator.identity() : b -> Relinker.relink(b, from, to);
  }

  private static int versionOfDriver() {
    int[] version = {0};
    JCudaDriver.cuDriverGetVersion(version);
    return version[0];
  }

  private static Toolkit choose(CudaInstallation installation, int version) {
    int newest = Math.min(version / 1000, newestForCard());
    if (version / 1000 < 12) {
      throw new CudaUnavailableException(
          "the NVIDIA driver is too old", Remedies.olderDriver(version));
    }
    return installation
        .toolkit(newest)
        .orElseThrow(() -> installation.toolkitProblem(newest).orElseThrow());
  }

  /** What the first card's age allows; a machine without one is the backend's affair. */
  private static int newestForCard() {
    int[] major = {0};
    int[] minor = {0};
    CUdevice card = new CUdevice();
    boolean known =
        JCudaDriver.cuInit(0) == CUresult.CUDA_SUCCESS
            && JCudaDriver.cuDeviceGet(card, 0) == CUresult.CUDA_SUCCESS;
    if (!known) {
      return Integer.MAX_VALUE;
    }
    JCudaDriver.cuDeviceGetAttribute(
        major, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, card);
    JCudaDriver.cuDeviceGetAttribute(
        minor, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, card);
    return major[0] * 10 + minor[0] < OLDEST_CAPABILITY_OF_CUDA_13 ? 12 : Integer.MAX_VALUE;
  }
}
