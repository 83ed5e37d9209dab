package nn.cpu.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nn.cpu.Scratch;
import nn.cpu.codegen.Species;

/**
 * An image of which each pixel has become a vector, for windows whose rows fill little of one: the
 * row of a window that would begin there, the row below, and as many more as there is room for.
 * Behind these vectors lies the image itself.
 */
final class StackedRows implements Stage {
  private final StackingKernel kernel;
  private final Vectors vectors;
  private final int imageSize;
  private final int pixels;
  private final int size;

  private StackedRows(
      SparseTables tables, int imageSize, StackingShape shape, SparseKernels kernels) {
    this.kernel = kernels.get(shape);
    this.vectors = vectors(tables, shape);
    this.imageSize = imageSize;
    this.pixels = tables.lastPatch() + vectors.distances().getLast() / Species.LANES + 1;
    int rowsBelow = shape.rows() * shape.distance();
    this.size = pixels * Species.LANES + Math.max(imageSize, pixels + rowsBelow);
  }

  /**
   * A stage for a gather, if it costs less than it saves: for each pixel and row a vector to put
   * together, for each value some vectors to multiply.
   */
  static Optional<Stage> of(SparseTables tables, SparseOperands operands, SparseKernels kernels) {
    return StackingShape.of(tables)
        .filter(shape -> {
          int saved = Vectors.ofRuns(tables).size() - vectors(tables, shape).size();
          return (long) saved * tables.windows().length * operands.channels()
              > (long) operands.imageSize() * shape.rows();
        })
        .map(shape -> new StackedRows(tables, operands.imageSize(), shape, kernels));
  }

  private static Vectors vectors(SparseTables tables, StackingShape shape) {
    List<Integer> distances = new ArrayList<>();
    List<Integer> terms = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    int most = shape.rows() * shape.run();
    for (int term = 0; term < tables.terms().length; term += most) {
      distances.add(tables.terms()[term] * Species.LANES);
      terms.add(term);
      counts.add(Math.min(most, tables.terms().length - term));
    }
    return new Vectors(distances, terms, counts);
  }

  @Override
  public int step() {
    return Species.LANES;
  }

  @Override
  public Vectors vectors() {
    return vectors;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void fill(float[] images, int at, float[] memory) {
    int image = Scratch.FIRST + pixels * Species.LANES;
    System.arraycopy(images, at, memory, image, imageSize);
    kernel.run(memory, image, Scratch.FIRST, pixels);
  }
}
