package nn.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import nn.backend.Slices;
import nn.backend.SparseGemm;
import nn.cpu.ChainCompiler.Phase;
import nn.cpu.KernelJob.Blocks;
import nn.cpu.KernelJob.Step;
import nn.cpu.codegen.Cold;
import nn.cpu.codegen.Generic;
import nn.cpu.codegen.Kernel;
import nn.cpu.codegen.KernelSpec.Form;
import nn.cpu.codegen.KernelSpec.Span;
import nn.cpu.codegen.Kernels;
import nn.cpu.codegen.Stage;
import nn.cpu.gemm.GemmEngine;
import nn.cpu.sparse.SparseEngine;
import nn.expr.Expr;

/** Makes jobs of commands, to be run one after another. */
final class Binder {
  /**
   * Longer rows are computed command after command: then their parts can be spread over threads.
   */
  private static final int LONGEST_ROW = 4 * KernelJob.BLOCK;

  private final Kernels kernels;
  private final GemmEngine gemms;
  private final SparseEngine sparse;
  private final int threads;

  private Binder(Kernels kernels, GemmEngine gemms, SparseEngine sparse, int threads) {
    this.kernels = kernels;
    this.gemms = gemms;
    this.sparse = sparse;
    this.threads = threads;
  }

  /**
   * A binder with nothing bound yet.
   *
   * @param threads the most that run a job at once
   */
  static Binder of(Kernels kernels, int threads) {
    return new Binder(kernels, new GemmEngine(kernels), new SparseEngine(), threads);
  }

  /** For jobs that one thread runs while others run theirs: with memory of its own. */
  private Binder alone() {
    return new Binder(kernels, gemms.alone(), sparse.alone(), 1);
  }

  /** The products' code, which almost every network runs. */
  GemmEngine gemms() {
    return gemms;
  }

  /** The code that commands bound since this was last called are the first to run. */
  List<Cold> takeCold() {
    List<Cold> cold = new ArrayList<>(kernels.takeRecent());
    cold.addAll(gemms.takeCold());
    cold.addAll(sparse.takeCold());
    return cold;
  }

  List<Job> jobs(Command command) {
    return switch (command) {
      case Gemm gemm -> gemm(gemm);
      case Elementwise e -> e.shape().size() == 0 ? List.of() : elementwise(e);
      case Reduce reduce -> reduce(reduce);
      case SparseGemm gemm -> sparse(gemm);
      case Rows rows -> rows(rows);
      case Slices slices -> slices(slices);
    };
  }

  private List<Job> gemm(Gemm gemm) {
    if (gemm.isPlain()) {
      return List.of(gemms.bind(gemm));
    }
    if (gemm.a().type() == DType.F32) {
      return gemms.bindFolded(gemm);
    }
    Buffer widened = new CpuBuffer(DType.F32, gemm.m() * gemm.k());
    Operand copy = Operand.of(widened, gemm.a().shape());
    List<Job> jobs = new ArrayList<>(jobs(Elementwise.of(Expr.input(0), copy, gemm.a())));
    jobs.add(gemms.bind(gemm.unfolded(copy)));
    return jobs;
  }

  private List<Job> sparse(SparseGemm gemm) {
    if (!SparseEngine.suits(gemm)) {
      return gemm.stages().stream().flatMap(stage -> jobs(stage).stream()).toList();
    }
    return sparse.bind(gemm);
  }

  private List<Job> elementwise(Elementwise whole) {
    return ProgramSplitter.split(whole).stream()
        .map(e -> job(e.shape(), ChainCompiler.of(e)))
        .toList();
  }

  private List<Job> reduce(Reduce reduce) {
    if (ProgramSplitter.size(reduce.program()) <= ProgramSplitter.LARGEST) {
      return ReduceCompiler.compile(this, reduce);
    }
    List<Elementwise> maps = new ArrayList<>();
    Reduce rest = ProgramSplitter.mapped(reduce, maps);
    List<Job> jobs = new ArrayList<>();
    maps.forEach(map -> jobs.addAll(jobs(map)));
    jobs.addAll(ReduceCompiler.compile(this, rest));
    return jobs;
  }

  private List<Job> rows(Rows rows) {
    if (rows.shape().size() > 0 && rows.shape().dim(-1) <= LONGEST_ROW) {
      ChainCompiler chain = ChainCompiler.of(rows);
      if (chain.isRowLocal() && chain.isCompilable()) {
        return List.of(job(rows.shape(), chain));
      }
    }
    return rows.stages().stream().flatMap(stage -> jobs(stage).stream()).toList();
  }

  private List<Job> slices(Slices slices) {
    int atOnce = SlicesJob.atOnce(slices, gemms.bytesNear());
    int units = slices.count() / atOnce;
    if (units == 1) {
      return slices.stages().stream().flatMap(stage -> jobs(stage).stream()).toList();
    }
    Stream<SlicesJob.Lane> lanes =
        Stream.generate(() -> SlicesJob.lane(slices, atOnce, alone()::jobs));
    return List.of(new SlicesJob(units, lanes.limit(Math.min(threads, units)).toList()));
  }

  private Job job(Shape shape, ChainCompiler chain) {
    List<Phase> phases = chain.phases();
    List<View> views = phases.stream().flatMap(phase -> phase.views().stream()).toList();
    Space space = chain.isElementwise() ? Space.of(shape, views) : Space.ofRows(shape, views);
    int columns = space.columns().extent();
    int width = chain.isElementwise() ? Math.min(columns, KernelJob.BLOCK) : columns;
    Blocks blocks = new Blocks(Math.max(1, KernelJob.BLOCK / width), width, false);
    List<Step> steps = new ArrayList<>();
    int first = 0;
    for (Phase phase : phases) {
      Space own = space.select(first, phase.views().size());
      boolean overRows = phase.perRow() && !own.rows().gathered();
      Space seen = overRows ? own.withoutColumns() : own;
      Span span =
          overRows
              ? Span.of(space.rows().extent(), blocks.rows(), false)
              : blocks.span(columns, chain.isRepeatable());
      int[] segments = new int[phase.views().size()];
      Pass pass = pass(Form.ROWS, span, phase.stages(), seen, phase.views(), segments);
      steps.add(new Step(pass, overRows));
      first += phase.views().size();
    }
    return new KernelJob(steps, space, blocks, chain.operations());
  }

  Pass pass(
      Form form, Span span, List<Stage> stages, Space space, List<View> views, int[] segments) {
    Generic generic = Generic.of(Pass.spec(form, span, stages, space, views));
    Kernel kernel = kernels.get(generic.spec());
    return new Pass(kernel, generic.numbers(), space, views, segments, threads);
  }
}
