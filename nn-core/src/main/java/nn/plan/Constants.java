package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.SparseGemm;
import nn.expr.Expr;
import org.jspecify.annotations.Nullable;

/**
 * Puts numbers in the place of reads of memory that was filled with one number, through whatever
 * layout it is read. The fill stays, for dead-code elimination to remove.
 *
 * <p>One walk forward, which keeps for each buffer the intervals that hold a known number.
 */
final class Constants {
  private record Filled(int from, int to, Expr.Constant value) {}

  private final Map<Buffer, List<Filled>> known = new HashMap<>();

  private Constants() {}

  static List<Command> apply(List<Command> commands) {
    Constants constants = new Constants();
    return commands.stream().map(constants::visit).toList();
  }

  private Command visit(Command command) {
    Command simpler = substitute(command);
    Accesses.of(simpler).writes().forEach(this::forget);
    if (simpler instanceof Elementwise e) {
      learn(e);
    }
    return simpler;
  }

  private Command substitute(Command command) {
    if (command instanceof Chain || command.inputs().stream().allMatch(i -> valueOf(i) == null)) {
      return command;
    }
    return switch (command) {
      case Elementwise e -> Body.of(e).substitute(this::valueOf).elementwise(e.shape());
      case Gemm g -> Body.of(g).substitute(this::valueOf).gemm(g.a(), g.b());
      case Reduce r ->
          Body.of(r).substitute(this::valueOf).reduce(r.shape(), r.combiners(), r.axes());
      case SparseGemm _, Chain _ -> command;
    };
  }

  private @Nullable Expr valueOf(Operand operand) {
    Region region = Region.of(operand);
    for (Filled filled : known.getOrDefault(operand.buffer(), List.of())) {
      if (filled.from <= region.from() && region.to() <= filled.to) {
        return filled.value;
      }
    }
    return null;
  }

  private void learn(Elementwise e) {
    for (int i = 0; i < e.outputs().size(); i++) {
      Operand output = e.outputs().get(i);
      Expr.Constant stored = stored(e.program().expressions().get(i), output.type());
      if (stored != null && Region.isFilledBy(output)) {
        Region region = Region.of(output);
        known
            .computeIfAbsent(output.buffer(), b -> new ArrayList<>())
            .add(new Filled(region.from(), region.to(), stored));
      }
    }
  }

  /** A constant as it comes back from memory. */
  private static Expr.@Nullable Constant stored(Expr value, DType type) {
    if (!(value instanceof Expr.Constant constant)) {
      return null;
    }
    return switch (type) {
      case F64, I32 -> constant;
      case F32 -> new Expr.Constant((float) constant.value(), constant.type());
      case BF16, U8 -> null;
    };
  }

  private void forget(Region written) {
    List<Filled> intervals = known.get(written.buffer());
    if (intervals == null || written.isEmpty()) {
      return;
    }
    List<Filled> rest = new ArrayList<>();
    for (Filled f : intervals) {
      keep(f.from, Math.min(f.to, written.from()), f.value, rest);
      keep(Math.max(f.from, written.to()), f.to, f.value, rest);
    }
    known.put(written.buffer(), rest);
  }

  private static void keep(int from, int to, Expr.Constant value, List<Filled> rest) {
    if (from < to) {
      rest.add(new Filled(from, to, value));
    }
  }
}
