package nn.cpu.sparse;

import java.util.Arrays;
import java.util.List;
import nn.backend.SparseGemm;
import nn.cpu.Chunks;
import nn.cpu.Job;
import nn.cpu.Scratch;
import nn.cpu.codegen.Species;
import nn.cpu.sparse.SparseEngine.Memory;

/**
 * Adds up images: each on a stage of the thread's own, patch by patch, and a patch from all its
 * channels before it is added.
 */
final class SparseScatter implements Job {
  private final SparseEngine engine;
  private final SparseOperands operands;
  private final SparseTables tables;
  private final Vectors vectors;
  private final int[] places;
  private final List<Task> tasks;
  private final int[] termsOfLanes;
  private final long work;

  /** A kernel for some of the vectors, the first of which begins a channel's columns so far on. */
  private record Task(ScatterKernel kernel, int column) {}

  SparseScatter(SparseEngine engine, SparseGemm sparse) {
    this.engine = engine;
    this.operands = SparseOperands.of(sparse);
    this.tables = SparseTables.of(sparse);
    this.vectors = Vectors.ofRuns(tables);
    this.places = places();
    this.termsOfLanes = vectors.termsOfLanes();
    this.tasks = vectors.groups(ScatterShape.MOST_VECTORS).stream().map(this::task).toList();
    this.work = (long) sparse.values().shape().size() * sparse.terms();
  }

  /** Where each patch begins in the thread's memory. */
  private int[] places() {
    int[] candidates = tables.candidates();
    int[] all = new int[tables.patches()];
    Arrays.setAll(
        all,
        patch ->
            Scratch.FIRST
                + tables.windows()[patch / candidates.length]
                + candidates[patch % candidates.length]);
    return all;
  }

  private Task task(Vectors.Group group) {
    ScatterShape shape =
        new ScatterShape(
            group.distances(),
            operands.channels(),
            termsOfLanes.length,
            tables.candidates().length);
    return new Task(engine.kernels().get(shape), group.first() * Species.LANES);
  }

  @Override
  public int parts(int threads) {
    int parts = SparseEngine.parts(work, operands.count(), threads);
    for (int part = 0; part < parts; part++) {
      Memory memory = engine.memory(part);
      memory.stage().reserve(operands.imageSize());
      memory.columns().reserve(operands.channels() * termsOfLanes.length);
      memory.choices().reserve(places.length, operands.channels());
    }
    return parts;
  }

  @Override
  public void run(int part, int parts) {
    Memory memory = engine.memory(part);
    pack(memory.columns().array());
    int end = Chunks.first(operands.count(), part + 1, parts);
    for (int image = Chunks.first(operands.count(), part, parts); image < end; image++) {
      run(image, memory);
    }
  }

  private void run(int image, Memory memory) {
    Choices chosen = memory.choices();
    float[] pixels = memory.stage().array();
    chosen.sort(operands, image, tables);
    Arrays.fill(pixels, Scratch.FIRST, Scratch.FIRST + operands.imageSize(), 0);
    for (Task task : tasks) {
      task.kernel.run(
          pixels,
          places,
          chosen.channels(),
          chosen.ends(),
          operands.values(),
          operands.valuesAt() + image * tables.windows().length * operands.channels(),
          memory.columns().array(),
          Scratch.FIRST + task.column);
    }
    System.arraycopy(
        pixels, Scratch.FIRST, operands.images(), operands.imageAt(image), operands.imageSize());
  }

  /** Each channel's weights, vector by vector; 0 where a vector has fewer terms than lanes. */
  private void pack(float[] columns) {
    for (int lane = 0; lane < termsOfLanes.length; lane++) {
      pack(lane, termsOfLanes[lane], columns);
    }
  }

  private void pack(int lane, int term, float[] columns) {
    int channels = operands.channels();
    int from = operands.matrixAt() + term * channels;
    for (int channel = 0; channel < channels; channel++) {
      columns[Scratch.FIRST + channel * termsOfLanes.length + lane] =
          term < 0 ? 0 : operands.matrix()[from + channel];
    }
  }
}
