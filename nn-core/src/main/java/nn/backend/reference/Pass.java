package nn.backend.reference;

import java.util.List;
import nn.backend.Shape;
import nn.expr.Program;

/** Computes a program at every element of an iteration space, in row-major order. */
final class Pass {
  private final Shape shape;
  private final Interpreter interpreter;
  private final Cells[] inputs;
  private final Target[] targets;
  private final double[] values;
  private final int[] coordinates;

  Pass(Shape shape, Program program, List<Cells> inputs, List<? extends Target> targets) {
    this.shape = shape;
    this.interpreter = new Interpreter(program);
    this.inputs = inputs.toArray(Cells[]::new);
    this.targets = targets.toArray(Target[]::new);
    this.values = new double[inputs.size()];
    this.coordinates = new int[Math.max(1, shape.rank())];
  }

  void run() {
    int last = coordinates.length - 1;
    int width = shape.rank() == 0 ? 1 : shape.dim(-1);
    for (int position = 0; position < shape.size(); position += width) {
      startRow();
      for (int i = 0; i < width; i++) {
        coordinates[last] = i;
        element(i, position + i);
      }
      nextRow();
    }
  }

  private void startRow() {
    for (Cells input : inputs) {
      input.row(coordinates);
    }
    for (Target target : targets) {
      target.row(coordinates);
    }
  }

  private void element(int coordinate, int position) {
    for (int i = 0; i < inputs.length; i++) {
      values[i] = inputs[i].get(coordinate);
    }
    interpreter.run(values, coordinates, position);
    for (int i = 0; i < targets.length; i++) {
      targets[i].put(coordinate, interpreter.output(i));
    }
  }

  private void nextRow() {
    for (int axis = shape.rank() - 2; axis >= 0; axis--) {
      if (++coordinates[axis] < shape.dim(axis)) {
        return;
      }
      coordinates[axis] = 0;
    }
  }
}
