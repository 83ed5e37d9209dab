package nn.cpu.gemm;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Gemm;
import nn.cpu.Job;
import nn.cpu.codegen.Kernels;
import nn.cpu.codegen.Species;

/**
 * Everything that the products of one backend share: block sizes, kernels, scratch memory. Used by
 * one thread at a time.
 */
public final class GemmEngine {
  private final Blocking blocking;
  private final MicroKernels kernels;
  private final List<Workspace> workspaces = new ArrayList<>();
  private final Workspace.Scratch partialSums = new Workspace.Scratch();
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
    this(epilogues, blocking, new MicroKernels(blocking));
  }

  GemmEngine(Kernels epilogues, Blocking blocking, MicroKernels kernels) {
    this.epilogues = epilogues;
    this.blocking = blocking;
    this.kernels = kernels;
  }

  /**
   * Calls the code of products a few times, which with the launcher's options has it compiled. May
   * run in any thread, also while products are computed; ends early when interrupted.
   */
  public void warmUp() {
    new WarmUp(blocking, kernels).run();
  }

  /** Goes on until the code is compiled in any case. */
  public void warmUpMore() {
    new WarmUp(blocking, kernels).runMore();
  }

  /** Binds a product of plain matrices to its operands' memory. */
  public GemmJob bind(Gemm gemm) {
    return new GemmJob(this, gemm);
  }

  /**
   * Binds a product whose first factor's rows or terms run over several axes.
   *
   * @param gemm its first factor is of F32
   * @return what is to be run, one after another
   */
  public List<Job> bindFolded(Gemm gemm) {
    return gemm.shape().size() == 0 ? List.of() : new FoldedJob(this, gemm).jobs();
  }

  Blocking blocking() {
    return blocking;
  }

  MicroKernels kernels() {
    return kernels;
  }

  Kernels epilogues() {
    return epilogues;
  }

  Workspace.Scratch partialSums() {
    return partialSums;
  }

  Workspace workspace(int part) {
    while (workspaces.size() <= part) {
      workspaces.add(new Workspace());
    }
    return workspaces.get(part);
  }
}
