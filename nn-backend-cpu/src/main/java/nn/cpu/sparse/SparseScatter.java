package nn.cpu.sparse;

import java.util.Arrays;
import nn.backend.SparseGemm;
import nn.cpu.codegen.Species;

/** Adds up images: each in memory of the thread's own, which is then copied. */
final class SparseScatter extends SparseJob {
  private Scratch[] scratches = {};

  /**
   * What a thread needs for itself.
   *
   * @param image and room for a vector's last lanes
   * @param weights each channel's, vector by vector
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scratch(float[] image, float[] weights) {}

  SparseScatter(SparseGemm sparse, SparseKernels kernels) {
    super(sparse, kernels);
  }

  @Override
  public int parts(int threads) {
    int parts = parts(images, threads);
    if (parts > scratches.length) {
      scratches = new Scratch[parts];
      Arrays.setAll(scratches, part -> scratch());
    }
    return parts;
  }

  private Scratch scratch() {
    float[] image = new float[imageSize + Species.LANES];
    return new Scratch(image, new float[channels * tables.columns()]);
  }

  @Override
  public void run(int part, int parts) {
    float[] image = scratches[part].image;
    float[] weights = scratches[part].weights;
    pack(weights);
    for (int i = first(images, part, parts); i < first(images, part + 1, parts); i++) {
      Arrays.fill(image, 0);
      for (int channel = 0; channel < channels; channel++) {
        run(i, channel, image, 0, weights, channel * tables.columns());
      }
      System.arraycopy(image, 0, pixels, pixelsAt + i * imageSize, imageSize);
    }
  }

  /** Zeros stay where a vector has fewer terms than lanes. */
  private void pack(float[] weights) {
    for (int v = 0; v < tables.distances().length; v++) {
      for (int lane = 0; lane < tables.counts()[v]; lane++) {
        int from = matrixAt + (tables.terms()[v] + lane) * channels;
        int to = v * Species.LANES + lane;
        for (int channel = 0; channel < channels; channel++) {
          weights[channel * tables.columns() + to] = matrix[from + channel];
        }
      }
    }
  }
}
