package nn.train;

import java.lang.foreign.MemorySegment;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.tensor.Scope;

/**
 * What changes from step to step, as arrays on the device that a counter walks through: so that a
 * step can be recorded once and replayed for a whole epoch without the host.
 */
final class StepArrays implements AutoCloseable {
  private final Backend backend;
  private final int scalarCount;
  private final Buffer counter;
  private final Buffer order;
  private final Buffer scalars;
  private final Buffer seeds;
  private final Buffer losses;
  private final Buffer correct;

  /**
   * @param steps the most steps between two rewinds
   * @param examples the most examples in so many steps
   * @param scalarCount the optimizer's numbers for each step
   */
  StepArrays(Backend backend, int steps, int examples, int scalarCount) {
    this.backend = backend;
    this.scalarCount = scalarCount;
    counter = backend.allocate(DType.I32, 1);
    order = backend.allocate(DType.I32, examples);
    scalars = backend.allocate(DType.F32, Math.multiplyExact(steps, scalarCount));
    seeds = backend.allocate(DType.I32, steps);
    losses = backend.allocate(DType.F32, steps);
    correct = backend.allocate(DType.F32, steps);
  }

  /** To a step, with the values of an epoch's steps from the first on. */
  void rewind(int step, int[] newOrder, float[] newScalars, int[] newSeeds) {
    backend.write(counter, 0, MemorySegment.ofArray(new int[] {step}));
    backend.write(order, 0, MemorySegment.ofArray(newOrder));
    backend.write(scalars, 0, MemorySegment.ofArray(newScalars));
    backend.write(seeds, 0, MemorySegment.ofArray(newSeeds));
  }

  /** The indices of the step's examples; full batches have gone before. */
  Operand order(int rows, int batch) {
    return Operand.of(order, Shape.of(rows)).movedBy(new Cursor(counter, batch));
  }

  /** One of the optimizer's numbers. */
  Operand scalar(int i) {
    return moving(scalars, i, scalarCount);
  }

  Operand seed() {
    return moving(seeds, 0, 1);
  }

  Operand loss() {
    return moving(losses, 0, 1);
  }

  Operand correct() {
    return moving(correct, 0, 1);
  }

  private Operand moving(Buffer buffer, int first, int stride) {
    Layout one = Layout.contiguous(Shape.of(1), first);
    return Operand.of(buffer, one).movedBy(new Cursor(counter, stride));
  }

  /** Goes on to the next step: the last command of a step. */
  void advance(Scope scope) {
    Operand count = Operand.of(counter, Shape.of(1));
    scope.run(Elementwise.of(Expr.intInput(0).add(Expr.integer(1)), count, count));
  }

  /** The losses of some steps since the rewind. */
  float[] readLosses(int from, int to) {
    return read(losses, from, to);
  }

  /** How many examples of each of some steps were classified right. */
  float[] readCorrect(int from, int to) {
    return read(correct, from, to);
  }

  private float[] read(Buffer buffer, int from, int to) {
    float[] values = new float[to - from];
    backend.read(buffer, from, MemorySegment.ofArray(values));
    return values;
  }

  @Override
  public void close() {
    for (Buffer buffer : new Buffer[] {counter, order, scalars, seeds, losses, correct}) {
      backend.free(buffer);
    }
  }
}
