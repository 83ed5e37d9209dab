package nn.cpu.sparse;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import nn.backend.SparseGemm;
import nn.cpu.Chunks;
import nn.cpu.Job;
import nn.cpu.Scratch;
import nn.cpu.codegen.Species;
import nn.cpu.sparse.SparseEngine.Memory;

/**
 * Sums over images and windows. The images are cut into chunks; a unit of work is a chunk of images
 * and a share of the channels. What the chunks have made is added up in their order.
 */
final class SparseGather implements Job {
  private final SparseEngine engine;
  private final SparseOperands operands;
  private final Stage stage;
  private final List<Span> spans;
  private final List<Task> tasks;
  private final int[] termsOfLanes;
  private final long work;
  private final int chunks;

  /** Where each window's first patch begins in a thread's memory. */
  private final int[] windows;

  private final int[] candidates;

  /** Channels that are summed up together. */
  private final int together;

  /** Some windows of an image. */
  private record Span(int first, int count) {}

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
    this.candidates = Patches.table(tables.candidates(), stage.step());
    this.termsOfLanes = stage.vectors().termsOfLanes();
    this.work = (long) sparse.values().shape().size() * sparse.terms();
    this.together = together();
    this.spans = spans();
    this.tasks = stage.vectors().groups(GatherShape.MOST_SUMS).stream().map(this::task).toList();
    int sums = operands.channels() * termsOfLanes.length;
    this.chunks = Chunks.count(sums, operands.count());
    engine.partialSums().reserve(chunks * sums);
  }

  /** The most channels for whose vectors there is room, and which make blocks of one size. */
  private int together() {
    int most = Math.max(1, GatherShape.MOST_SUMS / stage.vectors().size());
    return IntStream.rangeClosed(1, Math.min(most, operands.channels()))
        .filter(count -> operands.channels() % count == 0)
        .max()
        .orElseThrow();
  }

  /** Whether values that are 0 are left out. */
  private boolean leavesZerosOut() {
    return together == 1;
  }

  /** All windows, or as many at a time as there are bits in {@link NonZeros}. */
  private List<Span> spans() {
    int count = leavesZerosOut() ? Math.ceilDiv(windows.length, NonZeros.MOST_WINDOWS) : 1;
    return IntStream.range(0, count)
        .mapToObj(i -> {
          int first = Chunks.first(windows.length, i, count);
          return new Span(first, Chunks.first(windows.length, i + 1, count) - first);
        })
        .toList();
  }

  private Task task(Vectors.Group group) {
    List<Integer> distances = group.distances();
    int channels = operands.channels();
    GatherShape shape =
        leavesZerosOut()
            ? new NonZeroGather(distances, channels, termsOfLanes.length)
            : new DenseGather(distances, together, channels, termsOfLanes.length);
    return new Task(engine.kernels().get(shape), group.first() * Species.LANES);
  }

  List<Job> jobs() {
    return List.of(this, new Combination());
  }

  @Override
  public int parts(int threads) {
    int parts = SparseEngine.parts(work, chunks * blocks(), threads);
    for (int part = 0; part < parts; part++) {
      Memory memory = engine.memory(part);
      memory.stage().reserve(stage.size());
      memory.patches().reserve(windows.length * operands.channels());
      memory.nonZeros().reserve(operands.channels());
    }
    return parts;
  }

  private int blocks() {
    return operands.channels() / together;
  }

  @Override
  public void run(int part, int parts) {
    // an image is put onto the stage again for each share of the channels
    int shares = Math.clamp(Math.ceilDiv(2 * parts, chunks), 1, blocks());
    int end = Chunks.first(chunks * shares, part + 1, parts);
    for (int unit = Chunks.first(chunks * shares, part, parts); unit < end; unit++) {
      int share = unit % shares;
      int from = Chunks.first(blocks(), share, shares) * together;
      int to = Chunks.first(blocks(), share + 1, shares) * together;
      sum(unit / shares, from, to, engine.memory(part));
    }
  }

  /** Over the images of a chunk, for some of the channels. */
  private void sum(int chunk, int channel, int endChannel, Memory memory) {
    int channels = operands.channels();
    int columns = termsOfLanes.length;
    int origin = Scratch.FIRST + chunk * channels * columns;
    int from = origin + channel * columns;
    Arrays.fill(engine.partialSums().array(), from, origin + endChannel * columns, 0);
    int end = Chunks.first(operands.count(), chunk + 1, chunks);
    for (int image = Chunks.first(operands.count(), chunk, chunks); image < end; image++) {
      stage.fill(operands.images(), operands.imageAt(image), memory.stage().array());
      int choicesAt = operands.choicesAt() + image * windows.length * channels;
      memory
          .patches()
          .find(operands.choices(), choicesAt, channels, windows, candidates, channel, endChannel);
      for (Span span : spans) {
        sum(image, span, channel, endChannel, memory, from);
      }
    }
  }

  private void sum(
      int image, Span span, int channel, int endChannel, Memory memory, int columnsAt) {
    int channels = operands.channels();
    int placesAt = span.first * channels;
    int valuesAt = operands.valuesAt() + image * windows.length * channels + placesAt;
    NonZeros nonZeros = memory.nonZeros();
    if (leavesZerosOut()) {
      nonZeros.find(operands.values(), valuesAt, span.count, channels, channel, endChannel);
    }
    for (Task task : tasks) {
      task.kernel.run(
          memory.stage().array(),
          memory.patches().places(),
          placesAt,
          span.count,
          operands.values(),
          valuesAt,
          nonZeros.bits(),
          channel,
          endChannel,
          engine.partialSums().array(),
          columnsAt + task.column);
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
