package nn.train;

import java.lang.foreign.MemorySegment;
import nn.backend.Backend;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.data.Dataset;
import nn.expr.Expr;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * A data set resident on a device: pixels as U8, scaled to [0, 1] in the pass that gathers a batch.
 */
public final class DeviceDataset implements AutoCloseable {
  private static final double PIXEL_SCALE = 1 / 255.0;

  private final Backend backend;
  private final Dataset host;
  private final Operand images;
  private final Operand labels;

  /** Uploads. */
  public DeviceDataset(Backend backend, Dataset host) {
    this.backend = backend;
    this.host = host;
    images =
        upload(
            DType.U8, Shape.of(host.size(), host.features()), MemorySegment.ofArray(host.images()));
    labels = upload(DType.I32, Shape.of(host.size()), MemorySegment.ofArray(host.labels()));
  }

  private Operand upload(DType type, Shape shape, MemorySegment values) {
    Operand operand = Operand.of(backend.allocate(type, shape.size()), shape);
    backend.write(operand.buffer(), 0, values);
    return operand;
  }

  public Dataset host() {
    return host;
  }

  /**
   * The examples that the indices name.
   *
   * @param indices I32 [n], perhaps moving from step to step
   */
  public Batch gather(Scope scope, Operand indices) {
    return batch(scope, images.gather(indices), labels.gather(indices));
  }

  /**
   * The next {@code rows} examples in the data set's own order; a step's first is {@code counter *
   * stride}.
   */
  public Batch consecutive(Scope scope, int rows, Cursor counter) {
    int features = host.features();
    return batch(
        scope,
        slice(
            images,
            Shape.of(rows, features),
            new Cursor(counter.counter(), counter.stride() * features)),
        slice(labels, Shape.of(rows), counter));
  }

  private static Operand slice(Operand all, Shape shape, Cursor cursor) {
    return all.with(Layout.contiguous(shape, 0)).movedBy(cursor);
  }

  private static Batch batch(Scope scope, Operand pixels, Operand labels) {
    Tensor scaled = scope.constant(pixels).map(x -> x.mul(PIXEL_SCALE));
    Tensor target = scope.map(Expr.intInput(0), scope.constant(labels));
    return new Batch(scaled, target);
  }

  /** Replaces the images by others of the same number and size. */
  void write(byte[] newImages) {
    backend.write(images.buffer(), 0, MemorySegment.ofArray(newImages));
  }

  /** Frees the memory. */
  @Override
  public void close() {
    backend.free(images.buffer());
    backend.free(labels.buffer());
  }
}
