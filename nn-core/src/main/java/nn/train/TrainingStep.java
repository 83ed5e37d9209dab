package nn.train;

import java.util.function.IntFunction;
import nn.backend.Backend;
import nn.backend.Operand;
import nn.layer.Layer;
import nn.loss.Loss;
import nn.metric.Metrics;
import nn.optim.Optimizer;
import nn.optim.Regularizer;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One step of training: forward, loss, backward, update. Runs as it is, or is recorded as a plan.
 */
public final class TrainingStep implements AutoCloseable {
  private final Parameters parameters;
  private final Layer model;
  private final Loss loss;
  private final ParameterUpdate update;

  /**
   * @param parameters the model's; they stay the caller's
   * @param regularizer a penalty on the weights, or null
   * @param clipNorm the greatest norm of the gradient; 0 does not clip
   */
  public TrainingStep(
      Parameters parameters,
      Layer model,
      Loss loss,
      Optimizer optimizer,
      @Nullable Regularizer regularizer,
      double clipNorm) {
    this.parameters = parameters;
    this.model = model;
    this.loss = loss;
    this.update = new ParameterUpdate(parameters, optimizer, regularizer, clipNorm);
  }

  /**
   * Where a step finds its numbers and leaves its results, all [1].
   *
   * @param seed I32
   * @param scalars the optimizer's numbers
   * @param loss receives the loss
   * @param correct receives the number of examples classified right
   */
  public record Slots(Operand seed, IntFunction<Operand> scalars, Operand loss, Operand correct) {}

  Parameters parameters() {
    return parameters;
  }

  ParameterUpdate update() {
    return update;
  }

  /**
   * Runs the step on a backend, or has a recorder note it. The batch's target must be I32 labels.
   */
  public void run(Backend backend, BatchSource source, Slots slots) {
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      run(scope, source, slots);
    }
  }

  void run(Scope scope, BatchSource source, Slots slots) {
    scope.seed(slots.seed());
    Batch batch = source.next(scope);
    Tensor output = model.forward(batch.input(), scope);
    Tensor value = loss.apply(output, batch.target());
    scope.backward(value);
    Tensor penalty = update.penalty(scope);
    Tensor total = penalty == null ? value : value.add(penalty);
    scope.copyInto(total.reshape(1), slots.loss());
    scope.copyInto(Metrics.correct(output, batch.target()).reshape(1), slots.correct());
    update.apply(scope, slots.scalars());
  }

  /** Frees the optimizer's state. */
  @Override
  public void close() {
    update.close();
  }
}
