package nn.backend.reference;

/** Takes the values of one output, row by row. */
interface Target {
  /** Begins the row with these coordinates; the last one does not count. */
  void row(int[] coordinates);

  /** Takes the value of the row's element with this last coordinate. */
  void put(int coordinate, double value);
}
