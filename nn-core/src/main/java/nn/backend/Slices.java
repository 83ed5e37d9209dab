package nn.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Commands that each slice of a batch can run through on its own, as a convolution and its pooling:
 * what they read of one another's results is of the same slice. Running them slice after slice
 * keeps in cache what passes from one to the next.
 *
 * @param count how many slices there are: the extent of an elementwise stage along its first axis,
 *     and of A along its first axis where the stage is a product
 * @param stages Gemm or Elementwise, all of whose operands are plain
 * @param internal without gaps
 */
public record Slices(int count, List<Command> stages, List<Operand> internal) implements Chain {

  public Slices {
    stages = List.copyOf(stages);
    internal = List.copyOf(internal);
    Checks.require(canBeCut(count, stages), "the stages are not the same for %s slices", count);
    boolean dense = internal.stream().allMatch(operand -> operand.layout().isContiguous());
    Checks.require(dense, "internal results of slices have no gaps");
  }

  @Override
  public Slices with(List<Command> otherStages, List<Operand> otherInternal) {
    return new Slices(count, otherStages, otherInternal);
  }

  /** What is read and not made by an earlier stage. */
  @Override
  public List<Operand> inputs() {
    List<Operand> made = new ArrayList<>();
    List<Operand> inputs = new ArrayList<>();
    for (Command stage : stages) {
      stage.inputs().stream()
          .filter(in -> made.stream().noneMatch(out -> isWithin(out, in)))
          .forEach(inputs::add);
      stage.outputs().stream().filter(out -> out.layout().isContiguous()).forEach(made::add);
    }
    return inputs;
  }

  private static boolean isWithin(Operand whole, Operand part) {
    return whole.buffer() == part.buffer()
        && whole.layout().begin() <= part.layout().begin()
        && part.layout().end() <= whole.layout().end();
  }

  /**
   * Whether commands can be stages for so many slices: each is of one kind for all slices, and none
   * writes what another touches in another slice.
   */
  public static boolean canBeCut(int count, List<Command> stages) {
    if (count < 1 || !stages.stream().allMatch(stage -> canBeCut(count, stage))) {
      return false;
    }
    List<Cut> cuts = stages.stream().flatMap(stage -> cuts(count, stage).stream()).toList();
    return cuts.stream()
        .filter(Cut::written)
        .allMatch(written -> cuts.stream().allMatch(other -> other.staysApartFrom(written, count)));
  }

  private static boolean canBeCut(int count, Command stage) {
    return stage.inputs().stream().allMatch(Operand::isPlain)
        && stage.outputs().stream().allMatch(Operand::isPlain)
        && switch (stage) {
          case Gemm g -> g.a().shape().dim(0) == count && isAlike(g.epilogue());
          case Elementwise e ->
              e.shape().rank() > 0 && e.shape().dim(0) == count && isAlike(e.program());
          case Reduce _, SparseGemm _, Chain _ -> false;
        };
  }

  /** Whether a program does not ask which slice it is in. */
  private static boolean isAlike(Program program) {
    return program.steps().stream()
        .noneMatch(step ->
            step instanceof Program.Leaf(Expr leaf)
                && (leaf instanceof Expr.Position
                    || leaf instanceof Expr.Index(int axis) && axis == 0));
  }

  /**
   * How an operand is cut.
   *
   * @param rows of its first axis that make a slice; 0 if all slices share the operand
   */
  private record Cut(Operand operand, int rows, boolean written) {
    private Layout first() {
      return rows == 0 ? operand.layout() : operand.layout().slice(0, 0, rows);
    }

    private int step() {
      return rows * operand.layout().stride(0);
    }

    private boolean staysApartFrom(Cut that, int count) {
      int reach =
          Math.max(first().end(), that.first().end())
              - Math.min(first().begin(), that.first().begin());
      return !operand.mayMeet(that.operand)
          || count == 1
          || step() == that.step() && reach <= step();
    }
  }

  private static List<Cut> cuts(int count, Command stage) {
    List<Cut> cuts = new ArrayList<>();
    switch (stage) {
      case Gemm g -> {
        int rows = g.m() / count;
        cuts.add(new Cut(g.a(), 1, false));
        cuts.add(new Cut(g.b(), 0, false));
        g.extras().forEach(extra -> cuts.add(new Cut(extra, rows, false)));
        g.outputs().forEach(output -> cuts.add(new Cut(output, rows, true)));
      }
      case Elementwise e -> {
        e.inputs().forEach(input -> cuts.add(new Cut(input, 1, false)));
        e.outputs().forEach(output -> cuts.add(new Cut(output, 1, true)));
      }
      default -> throw new IllegalArgumentException("no stage of slices: " + stage);
    }
    return cuts;
  }

  /**
   * The stages for some slices at once, as commands that a counter moves: at 0 they are those for
   * the first slices, at 1 for the next, and so on.
   *
   * @param slices how many at once, a divisor of the count
   * @param counter one I32
   * @param memory where these slices' share of an internal result goes
   */
  public List<Command> part(int slices, Buffer counter, Function<Operand, Buffer> memory) {
    return stages.stream().map(stage -> new Part(slices, counter, memory).of(stage)).toList();
  }

  /** How many elements of an internal result are a slice's. */
  public int sizeOfSlice(Operand result) {
    return result.shape().size() / count;
  }

  /** Makes commands for some slices. */
  private final class Part {
    private final int slices;
    private final Buffer counter;
    private final Function<Operand, Buffer> memory;

    private Part(int slices, Buffer counter, Function<Operand, Buffer> memory) {
      this.slices = slices;
      this.counter = counter;
      this.memory = memory;
    }

    private Command of(Command stage) {
      List<Operand> parts = cuts(count, stage).stream().map(this::of).toList();
      return switch (stage) {
        case Gemm g -> {
          int outputs = 2 + g.extras().size();
          yield new Gemm(
              parts.get(0),
              parts.get(1),
              g.epilogue(),
              parts.subList(2, outputs),
              parts.subList(outputs, parts.size()));
        }
        case Elementwise e -> {
          int inputs = e.inputs().size();
          yield new Elementwise(
              e.shape().with(0, slices),
              e.program(),
              parts.subList(0, inputs),
              parts.subList(inputs, parts.size()));
        }
        default -> throw new IllegalArgumentException("no stage of slices: " + stage);
      };
    }

    private Operand of(Cut cut) {
      if (cut.rows == 0) {
        return cut.operand;
      }
      Layout layout = cut.operand.layout().slice(0, 0, cut.rows * slices);
      Optional<Operand> result =
          internal.stream().filter(whole -> isWithin(whole, cut.operand)).findFirst();
      if (result.isPresent()) {
        int offset = layout.offset() - result.get().layout().offset();
        return Operand.of(memory.apply(result.get()), layout.at(offset));
      }
      return cut.operand.with(layout).movedBy(new Cursor(counter, slices * cut.step()));
    }
  }
}
