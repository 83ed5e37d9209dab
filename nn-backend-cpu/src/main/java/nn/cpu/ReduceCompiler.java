package nn.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.backend.Combiner;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.cpu.KernelJob.Blocks;
import nn.cpu.KernelJob.Step;
import nn.cpu.Space.Axis;
import nn.cpu.codegen.KernelSpec.Form;
import nn.cpu.codegen.KernelSpec.Span;
import nn.cpu.codegen.Stage;
import nn.cpu.codegen.Stage.Memory;
import nn.cpu.codegen.Stage.Source;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Makes jobs of a reduction over any axes. Long ones are cut into segments of fixed length whose
 * results are reduced in turn, so that the order of combining depends on shapes alone.
 */
final class ReduceCompiler {
  /** Columns combined in one go; lanes hold a fraction of them, so rounding errors stay small. */
  private static final int COLUMN_SEGMENT = 4096;

  private static final int ROW_SEGMENT = 64;

  /** Columns of one call of a column kernel. */
  private static final int COLUMN_BLOCK = 1024;

  private final Binder binder;
  private final Reduce reduce;
  private final List<View> views = new ArrayList<>();
  private final Map<Expr, Source> leaves = new HashMap<>();
  private final int firstOutput;
  private final int number;
  private final Space space;

  private ReduceCompiler(Binder binder, Reduce reduce) {
    this.binder = binder;
    this.reduce = reduce;
    Shape shape = reduce.shape();
    for (Program.Step step : reduce.program().steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        leaves.computeIfAbsent(leaf, l -> new Memory(add(view(l))));
      }
    }
    int[] axes = reduce.axes().stream().mapToInt(i -> i).toArray();
    boolean numbered = reduce.combiners().contains(Combiner.ARGMAX);
    this.number = numbered ? add(View.number(shape, axes)) : -1;
    this.firstOutput = views.size();
    reduce.outputs().forEach(output -> add(View.of(output)));
    this.space = Space.ofReduction(shape, views, reduce.axes());
  }

  private View view(Expr leaf) {
    Shape shape = reduce.shape();
    return switch (leaf) {
      case Expr.Input(int input, var type) -> View.of(reduce.inputs().get(input));
      case Expr.Index(int axis) -> View.index(shape, axis);
      default -> View.number(shape, IntStream.range(0, shape.rank()).toArray());
    };
  }

  private int add(View view) {
    views.add(view);
    return views.size() - 1;
  }

  /** The jobs that do a reduction, to be run one after another. */
  static List<Job> compile(Binder binder, Reduce reduce) {
    if (reduce.outputs().getFirst().shape().size() == 0) {
      return List.of();
    }
    long reducedSize = 1;
    for (int axis : reduce.axes()) {
      reducedSize *= reduce.shape().dim(axis);
    }
    if (reducedSize == 0) {
      return fill(binder, reduce);
    }
    if (reducedSize == 1) {
      return map(binder, reduce);
    }
    return new ReduceCompiler(binder, reduce).jobs();
  }

  private static List<Job> fill(Binder binder, Reduce reduce) {
    List<Expr> identities = reduce.combiners().stream().map(ReduceCompiler::identity).toList();
    Shape shape = reduce.outputs().getFirst().shape();
    return binder.jobs(new Elementwise(shape, Program.of(identities), List.of(), reduce.outputs()));
  }

  private static Expr identity(Combiner combiner) {
    return switch (combiner) {
      case SUM -> Expr.ZERO;
      case MAX -> Expr.constant(Double.NEGATIVE_INFINITY);
      case MIN -> Expr.constant(Double.POSITIVE_INFINITY);
      case ARGMAX -> Expr.integer(0);
    };
  }

  /** A reduction of single elements. */
  private static List<Job> map(Binder binder, Reduce reduce) {
    List<Expr> values = new ArrayList<>();
    for (int i = 0; i < reduce.combiners().size(); i++) {
      boolean numbered = reduce.combiners().get(i) == Combiner.ARGMAX;
      values.add(numbered ? Expr.integer(0) : reduce.program().expressions().get(i));
    }
    return binder.jobs(
        new Elementwise(reduce.shape(), Program.of(values), reduce.inputs(), reduce.outputs()));
  }

  private boolean reducesRows() {
    return !space.columns().reduced();
  }

  private List<Job> jobs() {
    boolean numbered = number >= 0;
    Axis along = reducesRows() ? space.rows() : space.columns();
    int longest =
        reducesRows()
            ? Math.max(
                ROW_SEGMENT, 4 * KernelJob.BLOCK / Math.min(COLUMN_BLOCK, space.columns().extent()))
            : COLUMN_SEGMENT;
    boolean whole = numbered || along.extent() <= 2 * longest;
    int segment = whole ? along.extent() : longest;
    int partials = Math.ceilDiv(along.extent(), segment);
    for (Axis axis : space.axes()) {
      partials *= axis.reduced() && axis != along ? axis.extent() : 1;
    }
    if (partials == 1) {
      return List.of(job(space, views, segment, new int[views.size()]));
    }
    return numbered ? numbered() : inTwoSteps(segment, partials);
  }

  private Job job(Space bound, List<View> operands, int segment, int[] segmentStrides) {
    List<Stage.Output> outputs = new ArrayList<>();
    for (int i = 0; i < reduce.outputs().size(); i++) {
      outputs.add(new Stage.Output(reduce.outputs().get(i).type(), firstOutput + i));
    }
    Stage stage = new Stage(reduce.program(), leaves, outputs, reduce.combiners(), number);
    Form form = reducesRows() ? Form.COLUMNS : Form.ROWS;
    Blocks blocks =
        reducesRows()
            ? new Blocks(segment, COLUMN_BLOCK, true)
            : new Blocks(Math.max(1, KernelJob.BLOCK / segment), segment, false);
    Span span = blocks.span(bound.columns().extent(), false);
    Pass pass = binder.pass(form, span, List.of(stage), bound, operands, segmentStrides);
    int operations = reduce.program().operationCount() + reduce.outputs().size();
    return new KernelJob(List.of(new Step(pass, false)), bound, blocks, operations);
  }

  /**
   * The segments' results are stored as [partials, kept axes...] and reduced over the first axis.
   */
  private List<Job> inTwoSteps(int segment, int partials) {
    int[] dims = keptExtents(partials);
    Shape shape = Shape.of(dims);
    int kept = shape.size() / partials;
    List<View> operands = new ArrayList<>(views);
    List<int[]> strides = new ArrayList<>();
    for (int k = 0; k < firstOutput; k++) {
      strides.add(space.strides(k));
    }
    int[] segmentStrides = new int[views.size()];
    List<Operand> inputs = new ArrayList<>();
    List<Operand> outputs = new ArrayList<>();
    List<Expr> identity = new ArrayList<>();
    for (int i = 0; i < reduce.outputs().size(); i++) {
      CpuBuffer scratch = new CpuBuffer(DType.F32, shape.size());
      int k = firstOutput + i;
      operands.set(k, View.scratch(scratch));
      strides.add(partialStrides(kept, segment));
      segmentStrides[k] = kept;
      inputs.add(Operand.of(scratch, shape));
      outputs.add(keptOutput(k, dims, reduce.outputs().get(i)));
      identity.add(Expr.input(i));
    }
    List<Job> jobs = new ArrayList<>();
    jobs.add(job(space.with(strides), operands, segment, segmentStrides));
    jobs.addAll(
        compile(
            binder,
            new Reduce(
                shape, Program.of(identity), reduce.combiners(), List.of(0), inputs, outputs)));
    return jobs;
  }

  private int[] keptExtents(int partials) {
    IntStream kept = space.axes().stream().filter(axis -> !axis.reduced()).mapToInt(Axis::extent);
    return IntStream.concat(IntStream.of(partials), kept).toArray();
  }

  /**
   * Kept axes are row-major; a step along another reduced axis skips all segments of that place.
   */
  private int[] partialStrides(int kept, int segment) {
    Axis along = reducesRows() ? space.rows() : space.columns();
    int[] strides = new int[space.axes().size()];
    int inner = 1;
    int outer = kept * Math.ceilDiv(along.extent(), segment);
    for (int i = strides.length - 1; i >= 0; i--) {
      Axis axis = space.axes().get(i);
      if (!axis.reduced()) {
        strides[i] = axis.extent() == 1 ? 0 : inner;
        inner *= axis.extent();
      } else if (axis != along) {
        strides[i] = outer;
        outer *= axis.extent();
      }
    }
    return strides;
  }

  private Operand keptOutput(int k, int[] dims, Operand output) {
    int[] own = space.strides(k);
    int[] strides = new int[dims.length];
    int next = 1;
    for (int i = 0; i < own.length; i++) {
      if (!space.axes().get(i).reduced()) {
        strides[next++] = own[i];
      }
    }
    Shape shape = Shape.of(dims).with(0, 1);
    Layout layout = Layout.of(shape, strides, output.layout().offset());
    return new Operand(output.buffer(), layout, null, output.cursor());
  }

  /**
   * Argmax is not made of segments: mapped values are laid out so that the reduced axes are one.
   */
  private List<Job> numbered() {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < reduce.outputs().size(); i++) {
      Program program = Program.of(reduce.program().expressions().get(i));
      Operand mapped = reducedLast();
      Elementwise map = new Elementwise(reduce.shape(), program, reduce.inputs(), List.of(mapped));
      jobs.addAll(binder.jobs(map));
      jobs.addAll(
          compile(
              binder,
              new Reduce(
                  reduce.shape(),
                  Elementwise.COPY,
                  List.of(reduce.combiners().get(i)),
                  reduce.axes(),
                  List.of(mapped),
                  List.of(reduce.outputs().get(i)))));
    }
    return jobs;
  }

  private Operand reducedLast() {
    Shape shape = reduce.shape();
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (boolean reducedOnes : new boolean[] {true, false}) {
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        if (reduce.reduces(axis) == reducedOnes) {
          strides[axis] = stride;
          stride *= shape.dim(axis);
        }
      }
    }
    CpuBuffer scratch = new CpuBuffer(DType.F32, shape.size());
    return Operand.of(scratch, Layout.of(shape, strides, 0));
  }
}
