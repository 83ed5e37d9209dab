package nn.plan;

import java.util.List;
import nn.backend.Backend;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.ForwardingBackend;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import nn.backend.Slices;
import nn.expr.Expr;
import nn.expr.Program;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Takes every freedom that a chain gives a backend: runs all stages for one row or slice before the
 * next, the last first, and spoils what is internal to the chain.
 */
final class PiecewiseBackend extends ForwardingBackend {
  PiecewiseBackend(Backend inner) {
    super(inner);
  }

  @Override
  public Executable compile(List<Command> commands) {
    return oneByOne(commands);
  }

  @Override
  public void chain(Chain chain) {
    switch (chain) {
      case Rows rows -> rows(rows);
      case Slices slices -> slices(slices);
    }
    for (Operand operand : chain.internal()) {
      boolean integral = operand.type().type() == Type.INT;
      run(Elementwise.of(integral ? Expr.integer(-77) : Expr.constant(Double.NaN), operand));
    }
  }

  /** As many at once as halve them, each part with little memory of its own. */
  private void slices(Slices slices) {
    int atOnce = slices.count() % 2 == 0 ? slices.count() / 2 : 1;
    Operand counter = Operand.of(allocate(DType.I32, 1), Shape.of(1));
    for (int part = slices.count() / atOnce - 1; part >= 0; part--) {
      run(Elementwise.of(Expr.integer(part), counter));
      slices
          .part(
              atOnce,
              counter.buffer(),
              result -> allocate(result.type(), atOnce * slices.sizeOfSlice(result)))
          .forEach(this::run);
    }
  }

  private void rows(Rows rows) {
    int count = rows.shape().rank() < 2 ? 1 : rows.shape().dim(0);
    for (int row = count - 1; row >= 0; row--) {
      for (Command stage : rows.stages()) {
        run(count == 1 ? stage : restricted(stage, row));
      }
    }
  }

  private static Command restricted(Command stage, int row) {
    List<Operand> inputs = stage.inputs().stream().map(o -> restricted(o, row)).toList();
    List<Operand> outputs = stage.outputs().stream().map(o -> restricted(o, row)).toList();
    return switch (stage) {
      case Elementwise e ->
          new Elementwise(
              e.shape().with(0, 1), restricted(e.program(), e.shape(), row), inputs, outputs);
      case Reduce r ->
          new Reduce(
              r.shape().with(0, 1),
              restricted(r.program(), r.shape(), row),
              r.combiners(),
              r.axes(),
              inputs,
              outputs);
      default -> throw new AssertionError("no stage: " + stage);
    };
  }

  private static Operand restricted(Operand operand, int row) {
    Layout layout = operand.layout();
    if (operand.rows() == null) {
      return operand.with(layout.slice(0, row, row + 1));
    }
    Operand index = operand.rows().with(operand.rows().layout().slice(0, row, row + 1));
    Layout one = Layout.of(layout.shape().with(0, 1), layout.strides(), layout.offset());
    return new Operand(operand.buffer(), one, index, operand.cursor());
  }

  private static Program restricted(Program program, Shape shape, int row) {
    int before = row * (shape.size() / shape.dim(0));
    return Program.of(
        program.expressions().stream().map(e -> e.replace(part -> at(part, row, before))).toList());
  }

  private static @Nullable Expr at(Expr part, int row, int before) {
    return switch (part) {
      case Expr.Index(int axis) when axis == 0 -> Expr.integer(row);
      case Expr.Position position -> position.add(Expr.integer(before));
      default -> null;
    };
  }
}
