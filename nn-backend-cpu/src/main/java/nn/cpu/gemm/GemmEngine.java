package nn.cpu.gemm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import nn.backend.Gemm;
import nn.cpu.Job;
import nn.cpu.Scratch;
import nn.cpu.codegen.Cold;
import nn.cpu.codegen.Kernels;
import nn.cpu.codegen.Species;
import nn.cpu.gemm.MicroKernelShape.Addressing;

/**
 * Everything that the products of one backend share: block sizes, kernels, scratch memory. Used by
 * one thread at a time.
 */
public final class GemmEngine {
  private final Blocking blocking;
  private final Map<Addressing, MicroKernels> kernels;
  private final List<Workspace> workspaces = new ArrayList<>();
  private final Set<MicroKernelShape> seen;
  private final List<MicroKernelShape> cold;
  private final Scratch partialSums = new Scratch();
  private final Kernels epilogues;

  /**
   * An engine without anything made yet.
   *
   * @param epilogues where the kernels of epilogues come from
   */
  public GemmEngine(Kernels epilogues) {
    this(epilogues, Blocking.forLanes(Species.LANES));
  }

  GemmEngine(Kernels epilogues, Blocking blocking) {
    this(epilogues, blocking, new ConcurrentHashMap<>(), new HashSet<>(), new ArrayList<>());
  }

  private GemmEngine(
      Kernels epilogues,
      Blocking blocking,
      Map<Addressing, MicroKernels> kernels,
      Set<MicroKernelShape> seen,
      List<MicroKernelShape> cold) {
    this.epilogues = epilogues;
    this.blocking = blocking;
    this.kernels = kernels;
    this.seen = seen;
    this.cold = cold;
  }

  /** An engine that shares the code of this one and no memory, for jobs that run beside its own. */
  public GemmEngine alone() {
    return new GemmEngine(epilogues, blocking, kernels, seen, cold);
  }

  /** How much stays in a thread's second-level cache beside what else it needs. */
  public long bytesNear() {
    return (long) blocking.blockOfA() * Float.BYTES;
  }

  /**
   * The code that almost every product runs. It may be warmed up in any thread, also while products
   * are computed; that ends early when the thread is interrupted.
   */
  public Cold code() {
    return new WarmUp(elsewhere());
  }

  /** An engine that shares the micro-kernels of this one, for use by another thread. */
  private GemmEngine elsewhere() {
    return new GemmEngine(new Kernels(), blocking, kernels, new HashSet<>(), new ArrayList<>());
  }

  /** Further code that the products bound since this was last called will run. */
  public List<Cold> takeCold() {
    WarmUp warmUp = new WarmUp(elsewhere());
    List<Cold> taken = cold.stream().map(warmUp::of).toList();
    cold.clear();
    return taken;
  }

  /** Binds a product of plain matrices to its operands' memory. */
  public GemmJob bind(Gemm gemm) {
    GemmJob job = new GemmJob(this, gemm);
    if (gemm.shape().size() > 0) {
      note(job.microKernels());
    }
    return job;
  }

  /**
   * Binds a product whose first factor's rows or terms run over several axes.
   *
   * @param gemm its first factor is of F32
   * @return what is to be run, one after another
   */
  public List<Job> bindFolded(Gemm gemm) {
    if (gemm.shape().size() == 0) {
      return List.of();
    }
    FoldedJob job = new FoldedJob(this, gemm);
    note(job.microKernels());
    return job.jobs();
  }

  private void note(Set<MicroKernelShape> shapes) {
    shapes.stream().filter(seen::add).forEach(cold::add);
  }

  Blocking blocking() {
    return blocking;
  }

  /** The micro-kernels that find elements in a way. */
  MicroKernels kernels(Addressing addressing) {
    return kernels.computeIfAbsent(addressing, way -> new MicroKernels(blocking, way));
  }

  Kernels epilogues() {
    return epilogues;
  }

  Scratch partialSums() {
    return partialSums;
  }

  Workspace workspace(int part) {
    while (workspaces.size() <= part) {
      workspaces.add(new Workspace());
    }
    return workspaces.get(part);
  }
}
