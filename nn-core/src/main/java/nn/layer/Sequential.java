package nn.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.tensor.Parameter;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * Layers one after another. A layer may occur twice: its parameters are then shared.
 *
 * @param layers in the order they are applied
 */
public record Sequential(List<Layer> layers) implements Layer {

  public Sequential {
    layers = List.copyOf(layers);
  }

  /** The layers in the order they are applied. */
  public static Sequential of(Layer... layers) {
    return new Sequential(List.of(layers));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Tensor result = x;
    for (Layer layer : layers) {
      result = layer.forward(result, scope);
    }
    return result;
  }

  @Override
  public List<Parameter> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).distinct().toList();
  }

  /** Each name with the layer's number before it: {@code 0.weight}. */
  @Override
  public Map<String, Parameter> named() {
    Map<String, Parameter> named = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      for (Map.Entry<String, Parameter> entry : layers.get(i).named().entrySet()) {
        if (!named.containsValue(entry.getValue())) {
          named.put(i + "." + entry.getKey(), entry.getValue());
        }
      }
    }
    return named;
  }
}
