package nn.backend;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a command amounts to, for speeds in the usual units.
 *
 * @param flops arithmetic operations: two for each step of a gemm's sums, one for each operation of
 *     an expression or step of a reduction
 * @param bytes memory that has to be read or written at least once
 */
public record Work(long flops, long bytes) {

  /** The work of a command. */
  public static Work of(Command command) {
    return new Work(flops(command), bytes(command.inputs()) + bytes(command.outputs()));
  }

  private static long flops(Command command) {
    return switch (command) {
      case Gemm g -> (long) g.m() * g.n() * (2L * g.k() + g.epilogue().operationCount());
      case Elementwise e -> (long) e.shape().size() * e.program().operationCount();
      case Reduce r ->
          (long) r.shape().size() * (r.program().operationCount() + r.combiners().size());
      case SparseGemm s -> 2L * s.values().shape().size() * s.terms();
      case Chain chain -> chain.stages().stream().mapToLong(Work::flops).sum();
    };
  }

  private static long bytes(List<Operand> operands) {
    return operands.stream().distinct().mapToLong(Work::bytes).sum();
  }

  private static long bytes(Operand operand) {
    Layout layout = operand.layout();
    long elements = 1;
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      int extent = layout.shape().dim(axis);
      elements *= layout.stride(axis) == 0 ? Math.min(1, extent) : extent;
    }
    return Math.min(elements, operand.buffer().length()) * operand.type().bytes();
  }

  /** A command's kind and shape in words. */
  static String describe(Command command) {
    return switch (command) {
      case Gemm g ->
          "gemm m=%d n=%d k=%d, %d operations"
              .formatted(g.m(), g.n(), g.k(), g.epilogue().operationCount());
      case Elementwise e ->
          "elementwise %s, %d in, %d out, %d operations"
              .formatted(
                  e.shape(), e.inputs().size(), e.outputs().size(), e.program().operationCount());
      case Reduce r -> "reduce %s over %s of %s".formatted(r.combiners(), r.axes(), r.shape());
      case SparseGemm s ->
          "sparse gemm, %s, %d terms of %s values"
              .formatted(
                  s.direction().name().toLowerCase(Locale.ROOT), s.terms(), s.values().shape());
      case Rows rows -> "rows %s, %d stages".formatted(rows.shape(), rows.stages().size());
      case Slices s ->
          "%d slices of %s"
              .formatted(
                  s.count(),
                  s.stages().stream().map(Work::describe).collect(Collectors.joining("; ")));
    };
  }
}
