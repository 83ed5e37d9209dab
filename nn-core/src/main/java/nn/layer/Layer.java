package nn.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * A part of a model: a forward pass and the parameters it uses. The backward pass follows from the
 * operations done on tensors.
 *
 * <p>What {@code forward} does may depend on shapes and on the scope's mode alone, never on values:
 * it is recorded once and replayed.
 */
@FunctionalInterface
public interface Layer {

  /**
   * Computes the output for a batch.
   *
   * @param x [n, ...], n examples
   * @param scope where to compute; gives the parameters' tensors
   */
  Tensor forward(Tensor x, Scope scope);

  /** Every parameter that {@link #forward} asks for, in a fixed order. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /**
   * The parameters under names that are unique within this layer and the same in every run: the
   * keys of a checkpoint. A second parameter of one name is called {@code name#2}.
   */
  default Map<String, Parameter> named() {
    Map<String, Parameter> named = new LinkedHashMap<>();
    for (Parameter parameter : parameters().stream().distinct().toList()) {
      String name = parameter.name();
      for (int i = 2; named.containsKey(name); i++) {
        name = parameter.name() + "#" + i;
      }
      named.put(name, parameter);
    }
    return named;
  }
}
