package nn.tensor;

import java.util.List;
import java.util.function.Function;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.reference.ReferenceBackend;

/** Values of tensors in double on the reference backend, without the ceremony. */
public final class Compute {
  private Compute() {}

  /** A result that needs no parameters. */
  public static double[] values(Function<Scope, Tensor> function) {
    return values(Mode.EVALUATE, List.of(), function);
  }

  /** A result of parameters with their initial values. */
  public static double[] values(
      Mode mode, List<Parameter> declared, Function<Scope, Tensor> function) {
    try (Backend backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F64, declared, 1);
        Scope scope = new Scope(backend, parameters, mode)) {
      return function.apply(scope).toDoubles();
    }
  }

  /** The gradient of a loss of one parameter with the given values. */
  public static double[] gradient(Parameter parameter, double[] at, Function<Scope, Tensor> loss) {
    try (Backend backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F64, List.of(parameter), 1);
        Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      parameters.write(parameter, at);
      scope.backward(loss.apply(scope));
      return parameters.readGradient(parameter);
    }
  }
}
