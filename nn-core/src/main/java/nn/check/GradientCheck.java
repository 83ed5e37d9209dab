package nn.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.init.Initializers;
import nn.layer.Layer;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * Compares gradients by backpropagation with central differences, both in double on the reference
 * backend. A right gradient agrees to about 1e-8, unless a kink (as of ReLU at 0) lies within the
 * difference.
 *
 * <p>The differences are those of fourth order, {@code (8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h)))
 * / 12h}. Rounding leaves them uncertain by some 1e-12 of the loss, so gradients below 1e-4 of it
 * are compared as if they were as large as that. Of a large array {@value #LIMIT} elements are
 * compared, evenly spread.
 */
public final class GradientCheck {
  /** How many elements of an array are compared at most. */
  public static final int LIMIT = 256;

  private static final double STEP = 1e-4;
  private static final double RESOLVED = 1e-4;

  private final Parameters parameters;
  private final Function<Scope, Tensor> loss;

  private GradientCheck(Parameters parameters, Function<Scope, Tensor> loss) {
    this.parameters = parameters;
    this.loss = loss;
  }

  /**
   * Checks a model with its loss.
   *
   * @param seed of the parameters' initial values
   * @param loss the whole computation; makes its data in the scope, the same in each call
   * @return one difference for each trained parameter, in the model's order
   */
  public static List<Difference> ofModel(Layer model, long seed, Function<Scope, Tensor> loss) {
    return check(model.named(), seed, loss);
  }

  /**
   * Checks a layer in training, its parameters as well as its input; the loss is a sum of its
   * outputs, each times a random number.
   *
   * @param seed of initial values and the input, which is standard normal
   */
  public static List<Difference> ofLayer(Layer layer, long seed, Shape input) {
    Parameter x = variable("input", input);
    Map<String, Parameter> arrays = new LinkedHashMap<>(layer.named());
    arrays.put("input", x);
    return check(arrays, seed, scope -> projected(layer.forward(scope.of(x), scope), seed));
  }

  /**
   * Checks a function of tensors; the loss is a sum of its results, each times a random number.
   *
   * @param seed of the inputs, which are standard normal
   * @param inputs their shapes
   */
  public static List<Difference> ofFunction(
      long seed, Function<List<Tensor>, Tensor> function, Shape... inputs) {
    Map<String, Parameter> arrays = new LinkedHashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      arrays.put("input " + i, variable("input " + i, inputs[i]));
    }
    return check(
        arrays,
        seed,
        scope -> projected(function.apply(arrays.values().stream().map(scope::of).toList()), seed));
  }

  private static Parameter variable(String name, Shape shape) {
    return new Parameter(name, shape, Parameter.Kind.WEIGHT, Initializers.normal(1));
  }

  /** One number that depends on every output in its own way. */
  private static Tensor projected(Tensor output, long seed) {
    double[] factors =
        new SplittableRandom(~seed).doubles(output.shape().size(), 0.5, 1.5).toArray();
    return output.mul(output.scope().constant(output.shape(), factors)).sum();
  }

  private static List<Difference> check(
      Map<String, Parameter> arrays, long seed, Function<Scope, Tensor> loss) {
    List<Difference> differences = new ArrayList<>();
    try (Backend backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F64, arrays.values(), seed)) {
      GradientCheck check = new GradientCheck(parameters, loss);
      double value = check.backpropagate();
      arrays.forEach((name, parameter) -> {
        if (parameter.kind() != Parameter.Kind.STATE) {
          differences.add(check.compare(name, parameter, RESOLVED * Math.max(1, Math.abs(value))));
        }
      });
    }
    return differences;
  }

  private double backpropagate() {
    try (Scope scope = new Scope(parameters.backend(), parameters, Mode.TRAIN)) {
      Tensor value = loss.apply(scope);
      scope.backward(value);
      return value.item();
    }
  }

  private Difference compare(String name, Parameter parameter, double resolved) {
    double[] gradient = parameters.readGradient(parameter);
    double[] values = parameters.read(parameter);
    Difference worst = new Difference(name, 0, 0, 0, 0);
    int stride = Math.max(1, Math.ceilDiv(values.length, LIMIT));
    for (int i = 0; i < values.length; i += stride) {
      double a = gradient[i];
      double n = numerical(parameter, values, i);
      double relative = Math.abs(a - n) / Math.max(Math.abs(a) + Math.abs(n), resolved);
      if (Double.compare(relative, worst.relative()) > 0) { // NaN is the largest
        worst = new Difference(name, relative, i, a, n);
      }
    }
    return worst;
  }

  private double numerical(Parameter parameter, double[] values, int i) {
    double h = STEP * Math.max(1, Math.abs(values[i]));
    double near = at(parameter, values, i, h) - at(parameter, values, i, -h);
    double far = at(parameter, values, i, 2 * h) - at(parameter, values, i, -2 * h);
    parameters.write(parameter, values);
    return (8 * near - far) / (12 * h);
  }

  private double at(Parameter parameter, double[] values, int i, double shift) {
    double[] shifted = values.clone();
    shifted[i] += shift;
    parameters.write(parameter, shifted);
    try (Scope scope = new Scope(parameters.backend(), parameters, Mode.TRAIN)) {
      return loss.apply(scope).item();
    }
  }
}
