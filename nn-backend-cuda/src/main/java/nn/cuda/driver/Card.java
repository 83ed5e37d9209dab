package nn.cuda.driver;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * The first card that CUDA shows, described without using it.
 *
 * @param name in words
 * @param architecture the compute capability, such as 90 for 9.0
 * @param processors the number of multiprocessors
 * @param memoryBytes all of its memory
 * @param driverVersion the newest CUDA that the driver knows, 1000 major + 10 minor
 */
public record Card(
    String name, int architecture, int processors, long memoryBytes, int driverVersion) {

  /**
   * Asks the driver.
   *
   * @throws CudaException if there is no card, or the driver cannot use it
   */
  public static Card first() {
    CUdevice device = device();
    int major = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    int minor = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    int processors = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    long[] bytes = new long[1];
    Status.check(JCudaDriver.cuDeviceTotalMem(bytes, device), "tell the card's memory");
    int[] version = new int[1];
    Status.check(JCudaDriver.cuDriverGetVersion(version), "tell the driver's version");
    return new Card(name(device), 10 * major + minor, processors, bytes[0], version[0]);
  }

  static CUdevice device() {
    Status.check(JCudaDriver.cuInit(0), "start");
    int[] count = new int[1];
    Status.check(JCudaDriver.cuDeviceGetCount(count), "count the cards");
    if (count[0] == 0) {
      throw new CudaException("CUDA sees no card");
    }
    CUdevice device = new CUdevice();
    Status.check(JCudaDriver.cuDeviceGet(device, 0), "open the first card");
    return device;
  }

  private static int attribute(CUdevice device, int which) {
    int[] value = new int[1];
    Status.check(JCudaDriver.cuDeviceGetAttribute(value, which, device), "describe the card");
    return value[0];
  }

  private static String name(CUdevice device) {
    byte[] bytes = new byte[128];
    Status.check(JCudaDriver.cuDeviceGetName(bytes, bytes.length, device), "name the card");
    String padded = new String(bytes, StandardCharsets.UTF_8);
    int end = padded.indexOf(0);
    return end < 0 ? padded : padded.substring(0, end);
  }
}
