package nn.cpu;

import nn.cpu.codegen.Species;

/** Asks the vector module, and so is loaded only where that is there. */
final class VectorWidth {
  private VectorWidth() {}

  /** The bits of the vectors that the JVM prefers. */
  static int bits() {
    return Species.FLOATS.vectorBitSize();
  }
}
