package nn.layer;

import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.tensor.Scope;
import nn.tensor.Tensor;

/**
 * Gives each example another shape.
 *
 * @param example the shape of one example; a batch becomes [n, example...]
 */
public record Reshape(Shape example) implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    IntStream rows = IntStream.of(x.shape().dim(0));
    return x.reshape(IntStream.concat(rows, IntStream.of(example.dims())).toArray());
  }
}
