package nn.plan;

import nn.backend.Buffer;
import nn.backend.DType;

/** A temporary of a recording: it has no memory until its plan gives it a place. */
final class VirtualBuffer implements Buffer {
  private final int number;
  private final DType type;
  private final int length;

  /**
   * @param number of the recording's earlier buffers
   */
  VirtualBuffer(int number, DType type, int length) {
    this.number = number;
    this.type = type;
    this.length = length;
  }

  int number() {
    return number;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public String toString() {
    return "temporary " + type + "[" + length + "]";
  }
}
