package nn.train;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
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
 * Classifies a data set with a model, by plans that are recorded once and used after every epoch.
 */
public final class Evaluator implements AutoCloseable {
  private static final int BATCH = 512;

  private final Parameters parameters;
  private final Layer model;
  private final DeviceDataset data;
  private final Backend backend;
  private final Batches batches;
  private final Buffer counter;
  private final Buffer predictions;
  private final Map<Integer, Plan> plans = new HashMap<>();

  /**
   * @param data stays the caller's, who closes it after this
   */
  public Evaluator(Parameters parameters, Layer model, DeviceDataset data) {
    this.parameters = parameters;
    this.model = model;
    this.data = data;
    this.backend = parameters.backend();
    this.batches = new Batches(data.host().size(), BATCH);
    this.counter = backend.allocate(DType.I32, 1);
    this.predictions = backend.allocate(DType.I32, data.host().size());
  }

  /** The class predicted for each example, in the data set's order. */
  public int[] predictions() {
    backend.write(counter, 0, MemorySegment.ofArray(new int[1]));
    replay(BATCH, batches.full());
    replay(batches.remainder(), batches.remainder() > 0 ? 1 : 0);
    int[] classes = new int[data.host().size()];
    backend.read(predictions, 0, MemorySegment.ofArray(classes));
    return classes;
  }

  /** The share of examples classified right, 0 to 1. */
  public double accuracy() {
    int[] predicted = predictions();
    int[] labels = data.host().labels();
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += predicted[i] == labels[i] ? 1 : 0;
    }
    return correct / (double) labels.length;
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
      Cursor cursor = new Cursor(counter, BATCH);
      Batch batch = data.consecutive(scope, rows, cursor);
      Tensor classes = model.forward(batch.input(), scope).argmax(-1).reshape(rows);
      scope.copyInto(classes, Operand.of(predictions, Shape.of(rows)).movedBy(cursor));
      Operand count = Operand.of(counter, Shape.of(1));
      scope.run(Elementwise.of(Expr.intInput(0).add(Expr.integer(1)), count, count));
    }
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    backend.free(counter);
    backend.free(predictions);
  }
}
