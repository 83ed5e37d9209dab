package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.SparseGemm;
import org.jspecify.annotations.Nullable;

/**
 * Removes what has no effect: outputs that nothing reads before they are overwritten or the step
 * ends (at which only temporaries die), and commands without any other output.
 *
 * <p>One walk backward, which keeps for each buffer the elements whose values nobody wants.
 */
final class DeadCode {
  private final Map<Buffer, IntervalSet> dead = new HashMap<>();

  private DeadCode() {}

  static List<Command> apply(List<Command> commands) {
    return new DeadCode().sweep(commands);
  }

  private List<Command> sweep(List<Command> commands) {
    List<Command> kept = new ArrayList<>();
    for (Command command : commands.reversed()) {
      Command live = trim(command);
      if (live != null) {
        kept.add(live);
      }
    }
    return kept.reversed();
  }

  private @Nullable Command trim(Command command) {
    if (command instanceof Chain chain) {
      return trim(chain);
    }
    int[] live =
        IntStream.range(0, command.outputs().size())
            .filter(i -> !isDead(command.outputs().get(i)))
            .toArray();
    if (live.length == 0) {
      return null;
    }
    Command trimmed = live.length == command.outputs().size() ? command : keep(command, live);
    trimmed.outputs().stream().filter(Region::isFilledBy).map(Region::of).forEach(this::markDead);
    Accesses.of(trimmed).reads().forEach(this::markLive);
    return trimmed;
  }

  private @Nullable Command trim(Chain chain) {
    List<Command> stages = sweep(chain.stages());
    List<Operand> written = stages.stream().flatMap(s -> s.outputs().stream()).toList();
    List<Operand> internal = chain.internal().stream().filter(written::contains).toList();
    return stages.isEmpty() ? null : chain.with(stages, internal);
  }

  private boolean isDead(Operand output) {
    Region region = Region.of(output);
    return elements(region.buffer()).contains(region.from(), region.to());
  }

  private void markDead(Region region) {
    elements(region.buffer()).add(region.from(), region.to());
  }

  private void markLive(Region region) {
    elements(region.buffer()).remove(region.from(), region.to());
  }

  /** The elements of a buffer whose values nobody wants. */
  private IntervalSet elements(Buffer buffer) {
    return dead.computeIfAbsent(
        buffer, b -> IntervalSet.of(0, b instanceof VirtualBuffer ? b.length() : 0));
  }

  private static Command keep(Command command, int[] live) {
    return switch (command) {
      case Elementwise e -> body(Body.of(e), live).elementwise(e.shape());
      case Gemm g -> body(Body.of(g), live).gemm(g.a(), g.b());
      case Reduce r ->
          body(Body.of(r), live).reduce(r.shape(), choose(r.combiners(), live), r.axes());
      case SparseGemm sparse -> sparse; // has one output, which is alive
      case Chain _ -> throw new IllegalArgumentException("stages are trimmed one by one");
    };
  }

  private static Body body(Body body, int[] live) {
    return new Body(
        body.base(), choose(body.expressions(), live), body.inputs(), choose(body.outputs(), live));
  }

  private static <T> List<T> choose(List<T> list, int[] live) {
    return IntStream.of(live).mapToObj(list::get).toList();
  }
}
