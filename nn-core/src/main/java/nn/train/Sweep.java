package nn.train;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.data.Batches;
import nn.expr.Expr;
import nn.layer.Layer;
import nn.plan.Plan;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * A model's output for every example of a data set, or something made of it, by plans that are
 * recorded once and replayed as often as asked.
 */
final class Sweep implements AutoCloseable {
  private static final int BATCH = 512;

  private final Parameters parameters;
  private final Layer model;
  private final UnaryOperator<Tensor> result;
  private final DeviceDataset data;
  private final Backend backend;
  private final Batches batches;
  private final int columns;
  private final Buffer counter;
  private final Buffer results;
  private final Map<Integer, Plan> plans = new HashMap<>();

  /**
   * @param result makes [n, columns] of the model's output [n, classes]
   * @param type of the results
   * @param data stays the caller's, who closes it after this
   */
  Sweep(
      Parameters parameters,
      Layer model,
      UnaryOperator<Tensor> result,
      DType type,
      int columns,
      DeviceDataset data) {
    this.parameters = parameters;
    this.model = model;
    this.result = result;
    this.data = data;
    this.columns = columns;
    backend = parameters.backend();
    batches = new Batches(data.host().size(), BATCH);
    counter = backend.allocate(DType.I32, 1);
    results = backend.allocate(type, Math.multiplyExact(data.host().size(), columns));
  }

  /** Computes all results, [size, columns], into an array of their type. */
  void run(MemorySegment target) {
    backend.write(counter, 0, MemorySegment.ofArray(new int[1]));
    replay(BATCH, batches.full());
    replay(batches.remainder(), batches.remainder() > 0 ? 1 : 0);
    backend.read(results, 0, target);
  }

  private void replay(int rows, int times) {
    if (times > 0) {
      plans.computeIfAbsent(rows, this::record).run(times);
    }
  }

  private Plan record(int rows) {
    return Plan.record(backend, recorder -> step(recorder, rows));
  }

  private void step(Backend recorder, int rows) {
    try (Scope scope = new Scope(recorder, parameters, Mode.EVALUATE)) {
      Batch batch = data.consecutive(scope, rows, new Cursor(counter, BATCH));
      Tensor values = result.apply(model.forward(batch.input(), scope));
      Layout place = Layout.contiguous(Shape.of(rows, columns), 0);
      Cursor cursor = new Cursor(counter, BATCH * columns);
      scope.copyInto(values.reshape(rows, columns), Operand.of(results, place).movedBy(cursor));
      Operand count = Operand.of(counter, Shape.of(1));
      scope.run(Elementwise.of(Expr.intInput(0).add(Expr.integer(1)), count, count));
    }
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    backend.free(counter);
    backend.free(results);
  }
}
