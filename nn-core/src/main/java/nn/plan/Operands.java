package nn.plan;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.SparseGemm;
import org.jspecify.annotations.Nullable;

/** Commands with other operands. */
final class Operands {
  private Operands() {}

  /**
   * The command with each operand replaced; the function sees whole operands, rows and cursor
   * included.
   */
  static Command map(Command command, UnaryOperator<Operand> f) {
    return switch (command) {
      case Gemm g ->
          new Gemm(
              f.apply(g.a()),
              f.apply(g.b()),
              g.epilogue(),
              map(g.extras(), f),
              map(g.outputs(), f));
      case Elementwise e ->
          new Elementwise(e.shape(), e.program(), map(e.inputs(), f), map(e.outputs(), f));
      case Reduce r ->
          new Reduce(
              r.shape(),
              r.program(),
              r.combiners(),
              r.axes(),
              map(r.inputs(), f),
              map(r.outputs(), f));
      case SparseGemm s ->
          new SparseGemm(
              s.direction(),
              f.apply(s.images()),
              f.apply(s.view()),
              f.apply(s.values()),
              f.apply(s.choices()),
              f.apply(s.matrix()));
      case Chain chain ->
          chain.with(
              chain.stages().stream().map(stage -> map(stage, f)).toList(),
              map(chain.internal(), f));
    };
  }

  private static List<Operand> map(List<Operand> operands, UnaryOperator<Operand> f) {
    return operands.stream().map(f).toList();
  }

  /**
   * Where a buffer has moved to.
   *
   * @param memory holds its elements
   * @param offset of its first element
   */
  record Place(Buffer memory, int offset) {}

  /** The operand after its buffers have moved; the function gives null for those that have not. */
  static Operand move(Operand operand, Function<Buffer, @Nullable Place> places) {
    Operand rows = operand.rows() == null ? null : move(operand.rows(), places);
    Place place = places.apply(operand.buffer());
    Layout layout = operand.layout();
    return place == null
        ? new Operand(operand.buffer(), layout, rows, operand.cursor())
        : new Operand(
            place.memory(), layout.at(layout.offset() + place.offset()), rows, operand.cursor());
  }

  /** The command after its buffers have moved. */
  static Command move(Command command, Function<Buffer, @Nullable Place> places) {
    return map(command, operand -> move(operand, places));
  }
}
