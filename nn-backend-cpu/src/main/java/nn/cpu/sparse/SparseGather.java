package nn.cpu.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import nn.backend.SparseGemm;
import nn.cpu.Chunks;
import nn.cpu.Job;
import nn.cpu.Scratch;
import nn.cpu.codegen.Species;

/**
 * Sums over images and windows. The images are cut into chunks; a unit of work is a chunk of images
 * and a share of the channels. What the chunks have made is added up in their order.
 */
final class SparseGather implements Job {
  private final SparseEngine engine;
  private final SparseOperands operands;
  private final Stage stage;
  private final List<Block> blocks = new ArrayList<>();
  private final int[] termsOfLanes;
  private final long work;
  private final int chunks;
  private final int[] windows;
  private final int[] candidates;

  /** Some channels that are summed up together, perhaps by several kernels. */
  private record Block(int first, int end, List<Task> tasks) {}

  /** A kernel for some of the vectors, the first of which begins a channel's columns so far on. */
  private record Task(GatherKernel kernel, int column) {}

  SparseGather(SparseEngine engine, SparseGemm sparse) {
    this.engine = engine;
    this.operands = SparseOperands.of(sparse);
    SparseTables tables = SparseTables.of(sparse);
    this.stage =
        StackedRows.of(tables, operands, engine.kernels())
            .orElseGet(() -> Copy.of(tables, operands));
    this.windows =
        IntStream.of(tables.windows()).map(at -> Scratch.FIRST + at * stage.step()).toArray();
    this.candidates = IntStream.of(tables.candidates()).map(at -> at * stage.step()).toArray();
    this.termsOfLanes = stage.vectors().termsOfLanes();
    this.work = (long) sparse.values().shape().size() * sparse.terms();
    cut();
    int sums = operands.channels() * termsOfLanes.length;
    this.chunks = Chunks.count(sums, operands.count());
    engine.partialSums().reserve(chunks * sums);
  }

  /** Shares the channels out evenly: as many together as leave room for their vectors. */
  private void cut() {
    List<Vectors.Group> groups = stage.vectors().groups(GatherShape.MOST_SUMS);
    int channels = operands.channels();
    int most = Math.max(1, GatherShape.MOST_SUMS / stage.vectors().size());
    int count = Math.ceilDiv(channels, most);
    for (int i = 0; i < count; i++) {
      int first = Chunks.first(channels, i, count);
      int end = Chunks.first(channels, i + 1, count);
      blocks.add(
          new Block(first, end, groups.stream().map(group -> task(group, end - first)).toList()));
    }
  }

  private Task task(Vectors.Group group, int channels) {
    GatherShape shape =
        new GatherShape(group.distances(), channels, operands.channels(), termsOfLanes.length);
    return new Task(engine.kernels().get(shape), group.first() * Species.LANES);
  }

  List<Job> jobs() {
    return List.of(this, new Combination());
  }

  @Override
  public int parts(int threads) {
    int parts = SparseEngine.parts(work, chunks * blocks.size(), threads);
    for (int part = 0; part < parts; part++) {
      engine.memory(part).stage().reserve(stage.size());
    }
    return parts;
  }

  @Override
  public void run(int part, int parts) {
    // an image is put onto the stage again for each share of the channels
    int shares = Math.clamp(Math.ceilDiv(2 * parts, chunks), 1, blocks.size());
    int end = Chunks.first(chunks * shares, part + 1, parts);
    for (int unit = Chunks.first(chunks * shares, part, parts); unit < end; unit++) {
      int share = unit % shares;
      int from = Chunks.first(blocks.size(), share, shares);
      int to = Chunks.first(blocks.size(), share + 1, shares);
      sum(unit / shares, from, to, engine.memory(part).stage().array());
    }
  }

  /** Over the images of a chunk, for some of the blocks of channels. */
  private void sum(int chunk, int firstBlock, int endBlock, float[] memory) {
    float[] sums = engine.partialSums().array();
    int columns = termsOfLanes.length;
    int origin = Scratch.FIRST + chunk * operands.channels() * columns;
    int from = origin + blocks.get(firstBlock).first * columns;
    Arrays.fill(sums, from, origin + blocks.get(endBlock - 1).end * columns, 0);
    int end = Chunks.first(operands.count(), chunk + 1, chunks);
    for (int image = Chunks.first(operands.count(), chunk, chunks); image < end; image++) {
      stage.fill(operands.images(), operands.imageAt(image), memory);
      for (int block = firstBlock; block < endBlock; block++) {
        sum(image, blocks.get(block), memory, origin);
      }
    }
  }

  private void sum(int image, Block block, float[] memory, int origin) {
    int at = image * windows.length * operands.channels() + block.first;
    for (Task task : block.tasks) {
      task.kernel.run(
          memory,
          windows,
          candidates,
          operands.values(),
          operands.valuesAt() + at,
          operands.choices(),
          operands.choicesAt() + at,
          engine.partialSums().array(),
          origin + block.first * termsOfLanes.length + task.column);
    }
  }

  /** Adds up what the chunks have made, in the first one's place. */
  private final class Combination implements Job {
    private final int size = operands.channels() * termsOfLanes.length;

    @Override
    public int parts(int threads) {
      return SparseEngine.parts((long) chunks * size, operands.channels(), threads);
    }

    @Override
    public void run(int part, int parts) {
      int from = Chunks.first(operands.channels(), part, parts);
      int to = Chunks.first(operands.channels(), part + 1, parts);
      float[] sums = engine.partialSums().array();
      int origin = Scratch.FIRST + from * termsOfLanes.length;
      int count = (to - from) * termsOfLanes.length;
      for (int chunk = 1; chunk < chunks; chunk++) {
        int other = origin + chunk * size;
        for (int i = 0; i < count; i++) {
          sums[origin + i] += sums[other + i];
        }
      }
      for (int channel = from; channel < to; channel++) {
        store(sums, origin + (channel - from) * termsOfLanes.length, channel);
      }
    }

    private void store(float[] sums, int at, int channel) {
      for (int lane = 0; lane < termsOfLanes.length; lane++) {
        int term = termsOfLanes[lane];
        if (term >= 0) {
          operands.matrix()[operands.matrixAt() + term * operands.channels() + channel] =
              sums[at + lane];
        }
      }
    }
  }
}
