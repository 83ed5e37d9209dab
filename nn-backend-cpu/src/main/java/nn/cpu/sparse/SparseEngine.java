package nn.cpu.sparse;

import java.util.ArrayList;
import java.util.List;
import nn.backend.SparseGemm;
import nn.backend.SparseGemm.Direction;
import nn.cpu.Job;
import nn.cpu.Scratch;
import nn.cpu.codegen.Cold;

/**
 * Makes jobs of products with a sparse factor, which share kernels and memory: they run one after
 * another. Used by one thread at a time.
 */
public final class SparseEngine {
  /** Additions that are worth a thread. */
  private static final long WORTH_A_THREAD = 40_000;

  private final SparseKernels kernels;
  private final List<Memory> memories = new ArrayList<>();
  private final Scratch partialSums = new Scratch();

  /** What a thread needs for itself. */
  record Memory(
      Scratch stage, Scratch columns, Choices choices, Patches patches, NonZeros nonZeros) {}

  /** An engine without anything made yet. */
  public SparseEngine() {
    this(new SparseKernels());
  }

  private SparseEngine(SparseKernels kernels) {
    this.kernels = kernels;
  }

  /** An engine that shares the code of this one and no memory, for jobs that run beside its own. */
  public SparseEngine alone() {
    return new SparseEngine(kernels);
  }

  /** Whether a product is one for this class. */
  public static boolean suits(SparseGemm sparse) {
    return SparseOperands.suit(sparse);
  }

  /**
   * Binds a product to its operands' memory.
   *
   * @param sparse {@link #suits} it
   * @return what is to be run, one after another
   */
  public List<Job> bind(SparseGemm sparse) {
    return sparse.direction() == Direction.GATHER
        ? new SparseGather(this, sparse).jobs()
        : List.of(new SparseScatter(this, sparse));
  }

  /** The kernels made since this was last called: they are not compiled yet. */
  public List<Cold> takeCold() {
    return kernels.takeCold();
  }

  SparseKernels kernels() {
    return kernels;
  }

  Scratch partialSums() {
    return partialSums;
  }

  /**
   * Into how many parts it is worth splitting the work.
   *
   * @param work additions
   * @param units that are not split
   */
  static int parts(long work, int units, int threads) {
    return Math.clamp(Math.min(units, work / WORTH_A_THREAD), 1, threads);
  }

  Memory memory(int part) {
    while (memories.size() <= part) {
      memories.add(
          new Memory(new Scratch(), new Scratch(), new Choices(), new Patches(), new NonZeros()));
    }
    return memories.get(part);
  }
}
