package nn.backend;

import nn.expr.Type;

/** The types of a buffer's elements. Values are converted when loaded and stored. */
public enum DType {
  /** IEEE double; for checks on the reference backend, which alone must support it. */
  F64(8, Type.FLOAT),
  /** IEEE single. */
  F32(4, Type.FLOAT),
  /** The upper half of an IEEE single, rounded to nearest even when stored. */
  BF16(2, Type.FLOAT),
  /** 32-bit two's complement. */
  I32(4, Type.INT),
  /** 0 to 255; of any other integer the low eight bits are stored. */
  U8(1, Type.INT);

  private final int bytes;
  private final Type type;

  DType(int bytes, Type type) {
    this.bytes = bytes;
    this.type = type;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /**
   * The type of expression that is stored in such a buffer; integers can be read as real numbers
   * too.
   */
  public Type type() {
    return type;
  }
}
