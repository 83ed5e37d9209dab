package nn.cpu.gemm;

import nn.cpu.Place;

/** Stores sums as they are. */
final class DirectStore implements Destination {
  private final float[] c;
  private final Place place;
  private final int rowStride;
  private int base;

  DirectStore(float[] c, Place place, int rowStride) {
    this.c = c;
    this.place = place;
    this.rowStride = rowStride;
  }

  @Override
  public void start() {
    base = place.now();
  }

  @Override
  public boolean isDirect() {
    return true;
  }

  @Override
  public void aim(Tile tile, int row, int column) {
    tile.c = c;
    tile.cAt = base + row * rowStride + column;
    tile.cStep = rowStride;
  }

  @Override
  public void finish(float[] sums, int at, int step, int row, int rows, int column, int columns) {
    for (int i = 0; i < rows; i++) {
      System.arraycopy(sums, at + i * step, c, base + (row + i) * rowStride + column, columns);
    }
  }
}
