package nn.train;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import nn.optim.Optimizer;
import nn.optim.Regularizer;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Applies an optimizer's expression to all parameters at once: one elementwise command for the
 * weights, which are regularized, and one for the biases, which are not.
 */
public final class ParameterUpdate implements AutoCloseable {
  /**
   * Keeps the clipping factor finite where all gradients are zero, as PyTorch's clip_grad_norm_
   * does.
   */
  private static final double CLIP_EPSILON = 1e-6;

  private static final List<Parameter.Kind> TRAINED =
      List.of(Parameter.Kind.WEIGHT, Parameter.Kind.BIAS);

  private final Parameters parameters;
  private final Optimizer optimizer;
  private final @Nullable Regularizer regularizer;
  private final double clipNorm;
  private final List<Buffer> state = new ArrayList<>();

  /** Without a penalty and without clipping. */
  public ParameterUpdate(Parameters parameters, Optimizer optimizer) {
    this(parameters, optimizer, null, 0);
  }

  /**
   * @param parameters to update; they stay the caller's
   * @param regularizer a penalty on the weights, or null
   * @param clipNorm the greatest Euclidean norm of all gradients together; 0 does not clip
   */
  public ParameterUpdate(
      Parameters parameters,
      Optimizer optimizer,
      @Nullable Regularizer regularizer,
      double clipNorm) {
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.regularizer = regularizer;
    this.clipNorm = clipNorm;
    int length = parameters.gradients().shape().size();
    for (int i = 0; i < optimizer.states(); i++) {
      state.add(parameters.backend().allocate(parameters.type(), length));
    }
  }

  /** The regularizer's share of the loss, [1]; null if there is none. */
  @Nullable Tensor penalty(Scope scope) {
    if (regularizer == null) {
      return null;
    }
    Tensor weights = scope.constant(parameters.values(Parameter.Kind.WEIGHT));
    return scope.sum(regularizer.penalty(Expr.input(0)), new int[] {0}, weights);
  }

  /**
   * Updates every trained parameter by its gradient, outside a recording.
   *
   * @param step from 1
   */
  public void apply(Scope scope, double learningRate, long step) {
    double[] numbers = optimizer.scalars(learningRate, step);
    apply(scope, i -> scope.constant(Shape.of(1), numbers[i]).operand());
  }

  /**
   * Updates every trained parameter by its gradient.
   *
   * @param scalars where the optimizer's numbers of this step lie, each [1]; in a recording they
   *     move with a cursor
   */
  public void apply(Scope scope, IntFunction<Operand> scalars) {
    Tensor clip = clipNorm > 0 ? clipFactor(scope) : null;
    for (Parameter.Kind kind : TRAINED) {
      if (parameters.range(kind).shape().size() > 0) {
        scope.run(update(kind, scalars, clip));
      }
    }
  }

  private Tensor clipFactor(Scope scope) {
    Tensor gradients = scope.constant(parameters.gradients());
    Tensor squares = scope.sum(Expr.input(0).square(), new int[] {0}, gradients);
    return squares.map(s -> Expr.constant(clipNorm).div(s.sqrt().add(CLIP_EPSILON)).min(Expr.ONE));
  }

  private Elementwise update(
      Parameter.Kind kind, IntFunction<Operand> scalars, @Nullable Tensor clip) {
    Operand weights = parameters.values(kind);
    Shape shape = weights.shape();
    List<Operand> states =
        state.stream().map(buffer -> Operand.of(buffer, parameters.range(kind))).toList();

    List<Operand> inputs = new ArrayList<>(List.of(weights, parameters.gradients(kind)));
    List<Expr> stateInputs = append(inputs, states);
    List<Operand> numbers =
        IntStream.range(0, optimizer.scalarCount())
            .mapToObj(i -> scalars.apply(i).broadcastTo(shape))
            .toList();
    List<Expr> scalarInputs = append(inputs, numbers);

    Expr w = Expr.input(0);
    Expr gradient = Expr.input(1);
    if (clip != null) {
      gradient =
          gradient.mul(append(inputs, List.of(clip.operand().broadcastTo(shape))).getFirst());
    }
    boolean decays = kind == Parameter.Kind.WEIGHT;
    if (regularizer != null && decays) {
      gradient = gradient.add(regularizer.penalty(w).derivative(w));
    }
    List<Expr> results = optimizer.update(w, gradient, scalarInputs, stateInputs, decays);
    List<Operand> outputs = new ArrayList<>(List.of(weights));
    outputs.addAll(states);
    return new Elementwise(shape, Program.of(results), inputs, outputs);
  }

  private static List<Expr> append(List<Operand> inputs, List<Operand> more) {
    List<Expr> expressions = new ArrayList<>();
    for (Operand operand : more) {
      expressions.add(Expr.input(inputs.size()));
      inputs.add(operand);
    }
    return expressions;
  }

  /** How many arrays of state each trained parameter has. */
  int states() {
    return state.size();
  }

  /** A trained parameter's state in row-major order; parameters must be F32. */
  float[] readState(int i, Parameter parameter) {
    float[] values = new float[parameter.shape().size()];
    parameters.backend().read(state.get(i), offset(parameter), MemorySegment.ofArray(values));
    return values;
  }

  /** Sets a trained parameter's state, given in row-major order; parameters must be F32. */
  void writeState(int i, Parameter parameter, float[] values) {
    parameters.backend().write(state.get(i), offset(parameter), MemorySegment.ofArray(values));
  }

  private int offset(Parameter parameter) {
    return parameters.gradient(parameter).layout().offset();
  }

  /** Frees the optimizer's state. */
  @Override
  public void close() {
    Backend backend = parameters.backend();
    state.forEach(backend::free);
  }
}
