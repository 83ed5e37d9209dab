package nn.cpu.sparse;

import nn.cpu.Scratch;

/** An image as it is, but from the beginning of a line of the cache on. */
record Copy(Vectors vectors, int size) implements Stage {

  static Copy of(SparseTables tables, SparseOperands operands) {
    return new Copy(Vectors.ofRuns(tables), operands.imageSize());
  }

  @Override
  public int step() {
    return 1;
  }

  @Override
  public void fill(float[] images, int at, float[] memory) {
    System.arraycopy(images, at, memory, Scratch.FIRST, size);
  }
}
