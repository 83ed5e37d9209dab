package nn.plan;

import java.util.List;
import java.util.stream.Stream;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Slices;
import nn.backend.SparseGemm;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and what is done with their results become one chain, which a backend may run image
 * by image: the pixels that a convolution makes are many, and pooling makes few of them.
 */
final class BatchSlices implements Fusion {
  /** What passes is worth it if it does not stay in a second-level cache anyway, in bytes. */
  static final long LARGE = 1 << 20;

  @Override
  public List<Command> apply(List<Command> commands) {
    return RowChains.withInternal(Fusion.super.apply(commands));
  }

  @Override
  public @Nullable Command fuse(Graph graph, Graph.Node first, Graph.Node second) {
    int count = slices(first.command());
    boolean fits =
        count > 1 && isStage(second.command()) && passes(first.command(), second.command());
    if (!fits) {
      return null;
    }
    List<Command> stages =
        Stream.concat(stages(first.command()).stream(), Stream.of(second.command())).toList();
    return Slices.canBeCut(count, stages) ? new Slices(count, stages, List.of()) : null;
  }

  /** How many slices a chain has that begins so; 0 if none does. */
  private static int slices(Command command) {
    return switch (command) {
      case Slices slices -> slices.count();
      case Gemm g when !g.isPlain() -> g.a().shape().dim(0);
      default -> 0;
    };
  }

  private static boolean isStage(Command command) {
    return switch (command) {
      case Gemm g -> !g.isPlain();
      case Elementwise _ -> true;
      case Reduce _, SparseGemm _, Chain _ -> false;
    };
  }

  private static List<Command> stages(Command command) {
    return command instanceof Slices slices ? slices.stages() : List.of(command);
  }

  /** Whether much of what one command makes is read by another. */
  private static boolean passes(Command first, Command second) {
    return Accesses.results(first).stream()
        .filter(result -> bytes(result) >= LARGE)
        .anyMatch(result -> Accesses.of(second).readsAny(Region.of(result)));
  }

  private static long bytes(Operand operand) {
    return (long) operand.shape().size() * operand.type().bytes();
  }
}
