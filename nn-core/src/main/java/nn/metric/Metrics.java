package nn.metric;

import nn.expr.Expr;
import nn.expr.Type;
import nn.tensor.Tensor;

/** Measures of a classifier, as tensors. Not differentiable. */
public final class Metrics {
  private Metrics() {}

  /**
   * How many rows have their largest value in the labelled column; the first of several counts.
   *
   * @param output [n, c], scores of any kind
   * @param target labels [n], integers; or one-hot rows [n, c]
   * @return one number, of rank 0
   */
  public static Tensor correct(Tensor output, Tensor target) {
    Expr hit = Expr.select(Expr.intInput(0).eq(Expr.intInput(1)), Expr.ONE, Expr.ZERO);
    Tensor labels = labels(target, output);
    return output.scope().sum(hit, new int[] {0, 1}, output.argmax(-1), labels).reshape();
  }

  /** The share of such rows, 0 to 1. */
  public static Tensor accuracy(Tensor output, Tensor target) {
    return correct(output, target).mul(1.0 / Math.max(1, output.shape().dim(0)));
  }

  /** [n, 1]. */
  private static Tensor labels(Tensor target, Tensor output) {
    if (output.shape().rank() == 2 && target.shape().equals(output.shape())) {
      return target.argmax(-1);
    }
    int rows = output.shape().rank() == 2 ? output.shape().dim(0) : -1;
    boolean integral = target.type().type() == Type.INT;
    if (!integral || target.shape().rank() != 1 || target.shape().dim(0) != rows) {
      throw new IllegalArgumentException(
          "labels are integers [n] or one-hot rows [n, c]; not %s %s for an output %s"
              .formatted(target.type(), target.shape(), output.shape()));
    }
    return target.reshape(rows, 1);
  }
}
