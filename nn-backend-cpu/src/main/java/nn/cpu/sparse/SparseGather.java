package nn.cpu.sparse;

import java.util.Arrays;
import java.util.List;
import nn.backend.SparseGemm;
import nn.cpu.Job;
import nn.cpu.codegen.Species;

/**
 * Sums over images and windows. The images are cut into chunks, whatever the number of threads; a
 * unit of work is a chunk of images and a group of channels. What the chunks have made is added up
 * in their order.
 */
final class SparseGather extends SparseJob {
  private static final int MOST_CHUNKS = 16;

  /** Sums of all chunks together: what stays in a cache of the second or third level. */
  private static final int MOST_SUMS = 1 << 20;

  /** Units that even many threads share out well. */
  private static final int MANY_UNITS = 64;

  private final int chunks;
  private final int groups;
  private final float[] sums;

  SparseGather(SparseGemm sparse, SparseKernels kernels) {
    super(sparse, kernels);
    int size = channels * tables.columns();
    chunks = Math.clamp(MOST_SUMS / size, 1, Math.min(MOST_CHUNKS, images));
    groups = Math.min(channels, Math.ceilDiv(MANY_UNITS, chunks));
    sums = new float[chunks * size];
  }

  List<Job> jobs() {
    return List.of(this, new Combination());
  }

  @Override
  public int parts(int threads) {
    return parts(chunks * groups, threads);
  }

  @Override
  public void run(int part, int parts) {
    int units = chunks * groups;
    for (int unit = first(units, part, parts); unit < first(units, part + 1, parts); unit++) {
      sum(unit / groups, unit % groups);
    }
  }

  private void sum(int chunk, int group) {
    int from = first(channels, group, groups);
    int to = first(channels, group + 1, groups);
    int origin = chunk * channels * tables.columns();
    Arrays.fill(sums, origin + from * tables.columns(), origin + to * tables.columns(), 0);
    for (int i = first(images, chunk, chunks); i < first(images, chunk + 1, chunks); i++) {
      for (int channel = from; channel < to; channel++) {
        int at = origin + channel * tables.columns();
        run(i, channel, pixels, pixelsAt + i * imageSize, sums, at);
      }
    }
  }

  /** Adds up what the chunks have made. */
  private final class Combination implements Job {
    @Override
    public int parts(int threads) {
      return 1;
    }

    @Override
    public void run(int part, int parts) {
      for (int v = 0; v < tables.distances().length; v++) {
        for (int lane = 0; lane < tables.counts()[v]; lane++) {
          int to = matrixAt + (tables.terms()[v] + lane) * channels;
          for (int channel = 0; channel < channels; channel++) {
            matrix[to + channel] = sum(channel * tables.columns() + v * Species.LANES + lane);
          }
        }
      }
    }

    private float sum(int at) {
      float sum = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        sum += sums[chunk * channels * tables.columns() + at];
      }
      return sum;
    }
  }
}
