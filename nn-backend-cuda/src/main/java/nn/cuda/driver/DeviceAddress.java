package nn.cuda.driver;

import jcuda.driver.CUdeviceptr;

/** Device memory by number, as JCuda wants to be given it. */
final class DeviceAddress extends CUdeviceptr {

  /** Takes its value from the driver. */
  DeviceAddress() {}

  private DeviceAddress(long address) {
    super(new CUdeviceptr(), address);
  }

  static CUdeviceptr of(long address) {
    return new DeviceAddress(address);
  }

  long value() {
    return getNativePointer() + getByteOffset();
  }
}
