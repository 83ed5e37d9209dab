package nn.cpu;

import java.util.List;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.cpu.KernelJob.Blocks;
import nn.cpu.codegen.KernelSpec;
import nn.cpu.codegen.Kernels;
import nn.cpu.gemm.GemmEngine;

/** Makes jobs of commands, to be run one after another. */
final class Binder {
  /** Longer rows are computed command after command: their chunks are spread over the threads. */
  private static final int LONGEST_ROW = 4 * KernelJob.BLOCK;

  private final Kernels kernels;
  private final GemmEngine gemms;
  private final int threads;

  Binder(Kernels kernels, int threads) {
    this.kernels = kernels;
    this.gemms = new GemmEngine(kernels);
    this.threads = threads;
  }

  List<Job> jobs(Command command) {
    return switch (command) {
      case Gemm gemm -> List.of(gemms.bind(gemm));
      case Elementwise e -> e.shape().size() == 0 ? List.of() : List.of(job(ChainCompiler.of(e).compile()));
      case Reduce reduce -> ReduceCompiler.compile(this, reduce);
      case Rows rows -> rows(rows);
    };
  }

  private List<Job> rows(Rows rows) {
    if (rows.shape().size() > 0 && rows.shape().dim(-1) <= LONGEST_ROW) {
      ChainCompiler chain = ChainCompiler.of(rows);
      ChainCompiler.Result result = chain.compile();
      if (chain.isRowLocal() && Kernels.isCompilable(result.spec())) {
        return List.of(job(result));
      }
    }
    return rows.stages().stream().flatMap(stage -> jobs(stage).stream()).toList();
  }

  private Job job(ChainCompiler.Result chain) {
    int columns = chain.space().columns().extent();
    int width = chain.splitsRows() ? Math.min(columns, KernelJob.BLOCK) : columns;
    int height = Math.max(1, KernelJob.BLOCK / width);
    Blocks blocks = new Blocks(height, width, false, new int[chain.views().size()]);
    return job(chain.spec(), chain.space(), chain.views(), blocks, chain.operations());
  }

  Job job(KernelSpec spec, Space space, List<View> views, Blocks blocks, int operations) {
    return new KernelJob(kernels.get(spec), space, views, blocks, operations, threads);
  }
}
