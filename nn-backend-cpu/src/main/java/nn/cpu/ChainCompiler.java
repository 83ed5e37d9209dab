package nn.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Cursor;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import nn.cpu.codegen.Stage;
import nn.cpu.codegen.Stage.Made;
import nn.cpu.codegen.Stage.Memory;
import nn.cpu.codegen.Stage.Source;
import nn.expr.Expr;
import nn.expr.Program;
import org.jspecify.annotations.Nullable;

/**
 * Makes row kernels of a chain of commands over a common iteration space. Stages share a kernel,
 * and hand each other values in registers, until one needs the result of a reduction of that kernel
 * or computes values of the rows.
 */
final class ChainCompiler {

  /**
   * What becomes one kernel.
   *
   * @param perRow whether it computes one value for each row
   * @param views its operands
   */
  record Phase(boolean perRow, List<Stage> stages, List<View> views) {}

  /** A command as a program over operands. */
  private record Part(
      Shape shape,
      Program program,
      List<Combiner> combiners,
      List<Operand> inputs,
      List<Operand> outputs,
      boolean perRow) {

    boolean isReduction() {
      return !combiners.isEmpty();
    }
  }

  private final List<Part> parts;
  private final List<Operand> internal;
  private final List<List<Integer>> groups = new ArrayList<>();

  private ChainCompiler(List<Part> parts, List<Operand> internal) {
    this.parts = parts;
    this.internal = internal;
    for (int i = 0; i < parts.size(); i++) {
      if (groups.isEmpty() || !joins(i, groups.getLast())) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(i);
    }
  }

  static ChainCompiler of(Elementwise e) {
    return new ChainCompiler(List.of(part(e.shape(), e)), List.of());
  }

  static ChainCompiler of(Rows rows) {
    List<Part> parts = rows.stages().stream().map(stage -> part(rows.shape(), stage)).toList();
    return new ChainCompiler(parts, rows.internal());
  }

  private static Part part(Shape whole, Command stage) {
    return switch (stage) {
      case Elementwise e -> {
        boolean perRow = !e.shape().equals(whole);
        yield new Part(e.shape(), e.program(), List.of(), e.inputs(), e.outputs(), perRow);
      }
      case Reduce r ->
          new Part(r.shape(), r.program(), r.combiners(), r.inputs(), r.outputs(), false);
      default -> throw new IllegalArgumentException("no stage over rows: " + stage);
    };
  }

  private boolean joins(int stage, List<Integer> group) {
    Part part = parts.get(stage);
    int size = group.stream().mapToInt(this::size).sum() + size(stage);
    return parts.get(group.getFirst()).perRow == part.perRow
        && size <= ProgramSplitter.LARGEST
        && part.inputs.stream().noneMatch(input -> isReducedIn(group, maker(input, stage)));
  }

  private int size(int stage) {
    return ProgramSplitter.size(parts.get(stage).program);
  }

  /** Whether each command by itself is small enough for a kernel. */
  boolean isCompilable() {
    return IntStream.range(0, parts.size()).allMatch(i -> size(i) <= ProgramSplitter.LARGEST);
  }

  private boolean isReducedIn(List<Integer> group, @Nullable Made made) {
    return made != null && group.contains(made.stage()) && parts.get(made.stage()).isReduction();
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

  /** Whether all stages are elementwise over the whole space, so that rows mean nothing. */
  boolean isElementwise() {
    return parts.stream().noneMatch(part -> part.isReduction() || part.perRow);
  }

  /** Whether an element may be computed twice: nothing that is written is read or summed up. */
  boolean isRepeatable() {
    List<Operand> read = parts.stream().flatMap(part -> part.inputs.stream()).toList();
    return isElementwise()
        && parts.stream()
            .flatMap(part -> part.outputs.stream())
            .allMatch(written -> read.stream().allMatch(other -> isApart(written, other)));
  }

  /** Operations for an element. */
  int operations() {
    return parts.stream().mapToInt(part -> part.program.operationCount() + 1).sum();
  }

  List<Phase> phases() {
    return groups.stream().map(this::phase).toList();
  }

  private Phase phase(List<Integer> group) {
    Numbered numbered = new Numbered();
    List<Stage> stages = group.stream().map(i -> stage(i, numbered)).toList();
    return new Phase(parts.get(group.getFirst()).perRow, stages, numbered.views);
  }

  /** The operands of one kernel, each distinct one once. */
  private static final class Numbered {
    private final Map<View, Integer> numbers = new HashMap<>();
    private final List<View> views = new ArrayList<>();

    int of(View view) {
      return numbers.computeIfAbsent(
          view,
          added -> {
            views.add(added);
            return views.size() - 1;
          });
    }
  }

  private Stage stage(int index, Numbered numbered) {
    Part part = parts.get(index);
    Map<Expr, Source> leaves = new HashMap<>();
    for (Program.Step step : part.program.steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        Made made =
            leaf instanceof Expr.Input in ? atHand(part.inputs.get(in.index()), index) : null;
        leaves.put(leaf, made != null ? made : new Memory(numbered.of(view(leaf, part))));
      }
    }
    List<Stage.Output> outputs = new ArrayList<>();
    for (Operand output : part.outputs) {
      int operand = isStored(output, index) ? numbered.of(View.of(output)) : -1;
      outputs.add(new Stage.Output(output.type(), operand));
    }
    boolean counts = part.combiners.contains(Combiner.ARGMAX);
    int number = counts ? numbered.of(View.number(part.shape, part.shape.rank() - 1)) : -1;
    return new Stage(part.program, leaves, outputs, part.combiners, number);
  }

  /** The place of what an operand reads, if it was made in the same kernel. */
  private @Nullable Made atHand(Operand read, int stage) {
    Made made = maker(read, stage);
    for (List<Integer> group : groups) {
      if (made != null && group.contains(stage) && group.contains(made.stage())) {
        return new Made(made.stage() - group.getFirst(), made.output());
      }
    }
    return null;
  }

  private static View view(Expr leaf, Part part) {
    return switch (leaf) {
      case Expr.Input(int input, var type) -> View.of(part.inputs.get(input));
      case Expr.Index(int axis) -> View.index(part.shape, axis);
      default -> View.number(part.shape, IntStream.range(0, part.shape.rank()).toArray());
    };
  }

  private boolean isStored(Operand output, int index) {
    return !internal.contains(output)
        || IntStream.range(index + 1, parts.size())
            .anyMatch(later ->
                parts.get(later).inputs.stream()
                    .anyMatch(input -> Rows.same(output, input) && atHand(input, later) == null));
  }

  /**
   * Whether rows can be computed one after another: memory that a stage writes is reached by others
   * only in the same way, so that no row changes what another one reads; and it says of no operand
   * where that lies, which is looked up before the first row.
   */
  boolean isRowLocal() {
    List<Operand> written = parts.stream().flatMap(part -> part.outputs.stream()).toList();
    List<Operand> read = parts.stream().flatMap(part -> part.inputs.stream()).toList();
    return written.stream()
        .allMatch(w ->
            written.stream().allMatch(other -> w.equals(other) || isApart(w, other))
                && read.stream().allMatch(other -> Rows.same(w, other) || isApart(w, other))
                && Stream.concat(written.stream(), read.stream()).noneMatch(o -> places(w, o)));
  }

  /** Whether one operand may hold row numbers or the counter of another. */
  private static boolean places(Operand written, Operand other) {
    Operand rows = other.rows();
    Cursor cursor = other.cursor();
    return rows != null && (written.mayMeet(rows) || places(written, rows))
        || cursor != null && written.buffer() == cursor.counter();
  }

  private static boolean isApart(Operand written, Operand other) {
    return !written.mayMeet(other);
  }
}
