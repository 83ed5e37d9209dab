package nn.cpu.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nn.backend.SparseGemm;
import nn.backend.SparseGemm.Direction;
import nn.cpu.Job;
import nn.cpu.codegen.Species;

/**
 * A sparse product bound to its operands: image by image, since an image and a channel's values
 * stay in the first-level cache. Not safe for use by several teams at once.
 */
public abstract sealed class SparseJob implements Job permits SparseGather, SparseScatter {
  /** Multiplications that are worth a thread. */
  private static final long WORTH_A_THREAD = 40_000;

  final SparseTables tables;
  final int images;
  final int imageSize;
  final int channels;
  final float[] pixels;
  final int pixelsAt;
  final float[] matrix;
  final int matrixAt;
  private final long work;
  private final float[] values;
  private final int valuesAt;
  private final byte[] choices;
  private final int choicesAt;
  private final List<Group> groups = new ArrayList<>();

  /**
   * A kernel for some of the vectors.
   *
   * @param first the number of the first
   * @param distance of the first
   */
  private record Group(SparseKernel kernel, int first, int distance) {}

  SparseJob(SparseGemm sparse, SparseKernels kernels) {
    tables = SparseTables.of(sparse);
    images = sparse.images().shape().dim(0);
    imageSize = sparse.images().shape().size() / images;
    channels = sparse.channels();
    pixels = (float[]) SparseTables.array(sparse.images());
    pixelsAt = sparse.images().layout().offset();
    matrix = (float[]) SparseTables.array(sparse.matrix());
    matrixAt = sparse.matrix().layout().offset();
    values = (float[]) SparseTables.array(sparse.values());
    valuesAt = sparse.values().layout().offset();
    choices = (byte[]) SparseTables.array(sparse.choices());
    choicesAt = sparse.choices().layout().offset();
    work = (long) sparse.values().shape().size() * sparse.terms();
    group(sparse.direction(), kernels);
  }

  /** Shares the vectors out evenly, since a kernel has only so many. */
  private void group(Direction direction, SparseKernels kernels) {
    int[] distances = tables.distances();
    int count = Math.ceilDiv(distances.length, SparseKernelMaker.MOST_VECTORS);
    for (int i = 0; i < count; i++) {
      int from = first(distances.length, i, count);
      int to = first(distances.length, i + 1, count);
      int origin = distances[from];
      List<Integer> own =
          Arrays.stream(distances, from, to).mapToObj(distance -> distance - origin).toList();
      groups.add(new Group(kernels.get(direction, own), from, origin));
    }
  }

  /**
   * What is to be run for a product, one after another.
   *
   * @param sparse {@link #suits} it
   */
  public static List<Job> of(SparseGemm sparse, SparseKernels kernels) {
    return sparse.direction() == Direction.GATHER
        ? new SparseGather(sparse, kernels).jobs()
        : List.of(new SparseScatter(sparse, kernels));
  }

  /** Whether a product is one for this class. */
  public static boolean suits(SparseGemm sparse) {
    return SparseTables.suit(sparse);
  }

  /** Parts of so many equal units. */
  final int parts(int units, int threads) {
    return Math.clamp(Math.min(units, work / WORTH_A_THREAD), 1, threads);
  }

  /**
   * Runs the kernels for one channel of an image.
   *
   * @param memory that holds the image from {@code origin} on
   * @param columns the channel's vectors, from {@code at} on
   */
  final void run(int image, int channel, float[] memory, int origin, float[] columns, int at) {
    int first = image * tables.windows().length * channels + channel;
    for (Group group : groups) {
      group.kernel.run(
          memory,
          origin + group.distance,
          tables.windows(),
          tables.taps(),
          values,
          valuesAt + first,
          choices,
          choicesAt + first,
          channels,
          columns,
          at + group.first * Species.LANES);
    }
  }

  /** The first of the units of a part. */
  static int first(int units, int part, int parts) {
    return (int) ((long) units * part / parts);
  }
}
