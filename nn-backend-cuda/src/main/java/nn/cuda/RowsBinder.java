package nn.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import nn.cuda.codegen.Access;
import nn.cuda.codegen.RowsSpec;
import nn.cuda.codegen.RowsSpec.Made;
import nn.cuda.codegen.RowsSpec.Memory;
import nn.cuda.codegen.RowsSpec.Output;
import nn.cuda.codegen.RowsSpec.Source;
import nn.cuda.driver.Arguments;
import nn.cuda.driver.Grid;
import nn.expr.Expr;
import nn.expr.Program;
import org.jspecify.annotations.Nullable;

/** Makes one launch of a chain of commands along rows, where its rows are short enough. */
final class RowsBinder {
  /** Columns that a thread keeps in registers where rows are longer than the largest block. */
  private static final int MOST_COLUMNS = 8;

  /** Threads of a block where rows are no longer than a warp; only such rows share a block. */
  private static final int BLOCK = 128;

  private static final int WARP = 32;

  /** Fewer threads a row than this would not be worth the exchange between them. */
  private static final int LEAST_THREADS = 4;

  private final Rows rows;
  private final List<Part> parts;
  private final Views views = new Views();

  /** A command as a program over operands. */
  private record Part(
      Program program,
      Shape shape,
      List<Combiner> combiners,
      List<Operand> inputs,
      List<Operand> outputs) {}

  private RowsBinder(Rows rows) {
    this.rows = rows;
    this.parts = rows.stages().stream().map(RowsBinder::part).toList();
  }

  private static Part part(Command stage) {
    return switch (stage) {
      case Elementwise e -> new Part(e.program(), e.shape(), List.of(), e.inputs(), e.outputs());
      case Reduce r -> new Part(r.program(), r.shape(), r.combiners(), r.inputs(), r.outputs());
      default -> throw new IllegalArgumentException("no stage over rows: " + stage);
    };
  }

  /** Makes a launch of all stages; false, and nothing is made, if they have to run one by one. */
  static boolean bind(Rows rows, Binding binding) {
    int columns = rows.shape().dim(-1);
    RowsBinder binder = new RowsBinder(rows);
    if (columns > MOST_COLUMNS * RowsSpec.THREADS || !binder.isRowLocal()) {
      return false;
    }
    if (rows.shape().reduced(-1).size() > 0) {
      binder.launch(columns, binding);
    }
    return true;
  }

  /**
   * Whether rows can be computed one after another: memory that a stage writes is reached by others
   * only in the same way, so that no row changes what another one reads.
   */
  private boolean isRowLocal() {
    List<Operand> written = parts.stream().flatMap(part -> part.outputs.stream()).toList();
    List<Operand> read = parts.stream().flatMap(part -> part.inputs.stream()).toList();
    return written.stream()
        .allMatch(w ->
            written.stream().allMatch(other -> w.equals(other) || isApart(w, other))
                && read.stream().allMatch(r -> Rows.same(w, r) || isApart(w, r)));
  }

  private static boolean isApart(Operand one, Operand other) {
    return !one.mayMeet(other);
  }

  private void launch(int columns, Binding binding) {
    List<RowsSpec.Stage> stages = IntStream.range(0, parts.size()).mapToObj(this::stage).toList();
    List<Axis> axes = axes();
    KernelOperands operands = new KernelOperands(views.list(), axes);
    List<Access> accesses = operands.byRows();
    int threads = threads(columns);
    int columnsOfThread = columns <= RowsSpec.THREADS ? 1 : Math.ceilDiv(columns, threads);
    RowsSpec spec =
        new RowsSpec(columnsOfThread, axes.size(), Axis.gathered(axes), accesses, stages);
    List<Integer> outer = axes.stream().map(Axis::extent).toList().subList(0, axes.size() - 1);
    int count = outer.stream().reduce(1, (a, b) -> a * b);
    Arguments.Builder arguments = new Arguments.Builder().integer(count).integer(columns);
    KernelOperands.passExtents(outer, arguments);
    for (int k = 0; k < accesses.size(); k++) {
      operands.pass(k, accesses.get(k), arguments);
    }
    int together = threads <= WARP ? BLOCK / threads : 1;
    Grid grid = new Grid(Math.ceilDiv(count, together), 1, threads, together);
    binding.launch(spec, grid, arguments.build());
  }

  /** A power of two, so that values can be exchanged pairwise. */
  private static int threads(int columns) {
    int threads = LEAST_THREADS;
    while (threads < columns && threads < RowsSpec.THREADS) {
      threads *= 2;
    }
    return threads;
  }

  /** The axes outside of rows as far as they do not merge, at least one; then the columns. */
  private List<Axis> axes() {
    Shape shape = rows.shape();
    List<View> all = views.list();
    List<Axis> outer = new ArrayList<>();
    boolean gathers = all.stream().anyMatch(view -> view.rows() != null);
    for (int i = 0; i < shape.rank() - 1; i++) {
      outer.add(Axis.of(shape, i, gathers && i == 0, all));
    }
    List<Axis> axes = new ArrayList<>(Axis.merged(outer));
    if (axes.isEmpty()) {
      axes.add(Axis.single(all.size()));
    }
    axes.add(Axis.of(shape, shape.rank() - 1, false, all));
    return axes;
  }

  private RowsSpec.Stage stage(int index) {
    Part part = parts.get(index);
    Map<Expr, Source> leaves = new HashMap<>();
    for (Program.Step step : part.program.steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        leaves.put(leaf, source(leaf, part, index));
      }
    }
    List<Output> outputs = new ArrayList<>();
    for (Operand output : part.outputs) {
      boolean isStored = !rows.internal().contains(output);
      outputs.add(new Output(output.type(), isStored ? views.add(View.of(output)) : -1));
    }
    boolean perRow = part.combiners.isEmpty() && !part.shape.equals(rows.shape());
    boolean chooses = part.combiners.contains(Combiner.ARGMAX);
    int number = chooses ? views.add(View.number(part.shape, part.shape.rank() - 1)) : -1;
    return new RowsSpec.Stage(part.program, perRow, part.combiners, leaves, outputs, number);
  }

  private Source source(Expr leaf, Part part, int index) {
    Made made =
        leaf instanceof Expr.Input input ? maker(part.inputs.get(input.index()), index) : null;
    return made != null ? made : new Memory(views.add(Views.view(leaf, part.shape, part.inputs)));
  }

  /** The last output before a stage that wrote just what an operand reads. */
  private @Nullable Made maker(Operand read, int before) {
    for (int stage = before - 1; stage >= 0; stage--) {
      List<Operand> outputs = parts.get(stage).outputs;
      for (int i = 0; i < outputs.size(); i++) {
        if (Rows.same(outputs.get(i), read)) {
          return new Made(stage, i);
        }
      }
    }
    return null;
  }
}
