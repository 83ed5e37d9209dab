package nn.cuda.memory;

import nn.backend.Buffer;
import nn.backend.DType;

/** Elements in memory of the card. */
public final class CudaBuffer implements Buffer {
  private final DeviceMemory owner;
  private final DType type;
  private final int length;
  private final long address;
  private boolean freed;

  CudaBuffer(DeviceMemory owner, DType type, int length, long address) {
    this.owner = owner;
    this.type = type;
    this.length = length;
    this.address = address;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int length() {
    return length;
  }

  /** The size of all elements. */
  public long bytes() {
    return (long) length * type.bytes();
  }

  /**
   * Where the elements begin; a multiple of 256, so that every element type can be read in fours.
   */
  public long address() {
    return address;
  }

  /** Whether it is memory of that backend, and still its user's. */
  public boolean isLive(DeviceMemory memory) {
    return owner == memory && !freed;
  }

  void markFreed() {
    freed = true;
  }

  @Override
  public String toString() {
    return type + "[" + length + "]";
  }
}
