package nn.layer;

import nn.tensor.Scope;
import nn.tensor.Tensor;

/** Makes each example a row: [n, a, b, ...] becomes [n, a * b * ...]. */
public final class Flatten implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    int features = 1;
    for (int axis = 1; axis < x.shape().rank(); axis++) {
      features *= x.shape().dim(axis);
    }
    return x.reshape(x.shape().dim(0), features);
  }
}
