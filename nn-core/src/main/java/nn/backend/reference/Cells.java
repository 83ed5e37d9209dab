package nn.backend.reference;

import nn.backend.Addresses;

/** An operand's elements, row by row. */
final class Cells implements Target {
  private final ReferenceBuffer buffer;
  private final Addresses addresses;
  private int row;

  Cells(ReferenceBuffer buffer, Addresses addresses) {
    this.buffer = buffer;
    this.addresses = addresses;
  }

  @Override
  public void row(int[] coordinates) {
    row = addresses.row(coordinates);
  }

  double get(int coordinate) {
    return buffer.get(row + addresses.along(coordinate));
  }

  @Override
  public void put(int coordinate, double value) {
    buffer.set(row + addresses.along(coordinate), value);
  }
}
