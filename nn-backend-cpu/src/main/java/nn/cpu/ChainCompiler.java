package nn.cpu;

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
import nn.cpu.codegen.KernelSpec;
import nn.cpu.codegen.Stage;
import nn.cpu.codegen.Stage.Made;
import nn.cpu.codegen.Stage.Memory;
import nn.cpu.codegen.Stage.Source;
import nn.expr.Expr;
import nn.expr.Program;
import org.jspecify.annotations.Nullable;

/**
 * Makes one row kernel of a chain of commands over a common iteration space. Stages share a loop over
 * the columns until one needs the result of a reduction of that loop, or computes values of the row.
 */
final class ChainCompiler {

  /** A command as a list of programs over operands. */
  private record Part(
      Shape shape,
      Program program,
      List<Combiner> combiners,
      List<Operand> inputs,
      List<Operand> outputs,
      boolean perRow) {}

  private final Shape shape;
  private final List<Part> parts;
  private final List<Operand> internal;
  private final Map<View, Integer> numbers = new HashMap<>();
  private final List<View> views = new ArrayList<>();
  private final List<List<Integer>> phases = new ArrayList<>();
  private final boolean freeColumns;

  private ChainCompiler(Shape shape, List<Part> parts, List<Operand> internal) {
    this.shape = shape;
    this.parts = parts;
    this.internal = internal;
    this.freeColumns = parts.stream().allMatch(p -> p.combiners.isEmpty() && !p.perRow);
    groupIntoPhases();
  }

  static ChainCompiler of(Elementwise e) {
    Part part = new Part(e.shape(), e.program(), List.of(), e.inputs(), e.outputs(), false);
    return new ChainCompiler(e.shape(), List.of(part), List.of());
  }

  static ChainCompiler of(Rows rows) {
    List<Part> parts = rows.stages().stream().map(stage -> part(rows.shape(), stage)).toList();
    return new ChainCompiler(rows.shape(), parts, rows.internal());
  }

  private static Part part(Shape whole, Command stage) {
    return switch (stage) {
      case Elementwise e ->
          new Part(
              e.shape(),
              e.program(),
              List.of(),
              e.inputs(),
              e.outputs(),
              !e.shape().equals(whole));
      case Reduce r ->
          new Part(r.shape(), r.program(), r.combiners(), r.inputs(), r.outputs(), false);
      default -> throw new IllegalArgumentException("no stage over rows: " + stage);
    };
  }

  private void groupIntoPhases() {
    for (int i = 0; i < parts.size(); i++) {
      List<Integer> last = phases.isEmpty() ? List.of() : phases.getLast();
      if (last.isEmpty() || !fits(i, last)) {
        phases.add(new ArrayList<>());
      }
      phases.getLast().add(i);
    }
  }

  private boolean fits(int stage, List<Integer> phase) {
    Part part = parts.get(stage);
    boolean sameKind = parts.get(phase.getFirst()).perRow == part.perRow;
    return sameKind
        && part.inputs.stream()
            .map(input -> maker(input, stage))
            .noneMatch(
                made ->
                    made != null
                        && phase.contains(made.stage())
                        && !parts.get(made.stage()).combiners.isEmpty());
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

  /** Whether what was made is still in a register when a stage needs it. */
  private boolean isAtHand(Made made, int stage) {
    Part maker = parts.get(made.stage());
    boolean samePhase =
        phases.stream().anyMatch(p -> p.contains(stage) && p.contains(made.stage()));
    return samePhase || maker.perRow || !maker.combiners.isEmpty();
  }

  /**
   * The kernel and what it is bound to.
   *
   * @param splitsRows whether parts of a row can be computed by themselves
   */
  record Result(
      KernelSpec spec, Space space, List<View> views, int operations, boolean splitsRows) {}

  Result compile() {
    List<Stage> stages = IntStream.range(0, parts.size()).mapToObj(this::stage).toList();
    Space space = freeColumns ? Space.of(shape, views) : Space.ofRows(shape, views);
    List<KernelSpec.Phase> kernelPhases = new ArrayList<>();
    for (List<Integer> phase : phases) {
      boolean perRow = parts.get(phase.getFirst()).perRow || isOneColumn(space, phase);
      kernelPhases.add(new KernelSpec.Phase(perRow, phase.stream().map(stages::get).toList()));
    }
    var accesses =
        IntStream.range(0, views.size())
            .mapToObj(k -> KernelJob.access(space, k, views.get(k)))
            .toList();
    int operations = parts.stream().mapToInt(p -> p.program.operationCount() + 1).sum();
    KernelSpec spec = new KernelSpec(KernelSpec.Form.ROWS, accesses, kernelPhases);
    return new Result(spec, space, views, operations, freeColumns);
  }

  /** Then elementwise stages need no loop. */
  private boolean isOneColumn(Space space, List<Integer> phase) {
    boolean single = IntStream.of(space.columns().strides()).allMatch(stride -> stride == 0);
    return single && phase.stream().allMatch(i -> parts.get(i).combiners.isEmpty());
  }

  private Stage stage(int index) {
    Part part = parts.get(index);
    Map<Expr, Source> leaves = new HashMap<>();
    for (Program.Step step : part.program.steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        leaves.put(leaf, source(leaf, part, index));
      }
    }
    List<Stage.Output> outputs = new ArrayList<>();
    for (Operand output : part.outputs) {
      int operand = isStored(output, index) ? number(View.of(output)) : -1;
      outputs.add(new Stage.Output(output.type(), operand));
    }
    boolean numbered = part.combiners.contains(Combiner.ARGMAX);
    int number = numbered ? number(View.number(shape, shape.rank() - 1)) : -1;
    return new Stage(part.program, leaves, outputs, part.combiners, number);
  }

  private Source source(Expr leaf, Part part, int index) {
    return switch (leaf) {
      case Expr.Input(int input, var type) -> {
        Operand operand = part.inputs.get(input);
        Made made = maker(operand, index);
        yield made != null && isAtHand(made, index)
            ? made
            : new Memory(number(View.of(operand)));
      }
      case Expr.Index(int axis) -> new Memory(number(View.index(part.shape, axis)));
      case Expr.Position() -> {
        int[] axes = IntStream.range(0, part.shape.rank()).toArray();
        yield new Memory(number(View.number(part.shape, axes)));
      }
      case Expr.Constant constant -> throw new IllegalArgumentException("no leaf: " + constant);
      case Expr.Apply apply -> throw new IllegalArgumentException("no leaf: " + apply);
    };
  }

  private boolean isStored(Operand output, int index) {
    return !internal.contains(output)
        || IntStream.range(index + 1, parts.size()).anyMatch(later -> reads(later, output));
  }

  private boolean reads(int stage, Operand output) {
    for (Operand input : parts.get(stage).inputs) {
      Made made = maker(input, stage);
      if (Rows.same(output, input) && (made == null || !isAtHand(made, stage))) {
        return true;
      }
    }
    return false;
  }

  private int number(View view) {
    return numbers.computeIfAbsent(
        view,
        added -> {
          views.add(added);
          return views.size() - 1;
        });
  }

  /**
   * Whether rows can be computed one after another: memory that a stage writes is reached by others
   * only in the same way, so that no row changes what another one reads.
   */
  boolean isRowLocal() {
    List<Operand> written = parts.stream().flatMap(part -> part.outputs.stream()).toList();
    List<Operand> read = parts.stream().flatMap(part -> part.inputs.stream()).toList();
    return written.stream()
        .allMatch(
            w ->
                written.stream().allMatch(other -> w.equals(other) || isApart(w, other))
                    && read.stream().allMatch(other -> Rows.same(w, other) || isApart(w, other)));
  }

  private static boolean isApart(Operand written, Operand other) {
    return !Extent.of(written).meets(Extent.of(other));
  }
}
