package nn.loss;

import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Type;
import nn.layer.Activations;
import nn.tensor.Tensor;

/**
 * The usual losses. Where a loss wants classes, the target is either integer labels [n] (indices of
 * columns) or real rows [n, c], one-hot or other probabilities.
 */
public final class Losses {
  /** Keeps the logarithm of a probability finite. */
  private static final double TINY = 1e-7;

  private static final int[] ROW = {-1};

  private Losses() {}

  /**
   * Cross entropy of the softmax of logits: {@code log(sum(exp(z))) - z[label]}, the mean over
   * rows. The largest logit of a row is subtracted first, so that exp does not overflow.
   *
   * @param logits [n, c]
   * @param target labels [n] or rows [n, c]
   */
  public static Tensor softmaxCrossEntropy(Tensor logits, Tensor target) {
    boolean labels = areLabels(target, logits);
    Tensor max = logits.detach().max(-1);
    Expr shifted = Expr.input(0).sub(Expr.input(1));
    Tensor powers = logits.map(max, (z, m) -> z.sub(m).exp()); // kept: the gradient is made of them
    Tensor sum = logits.scope().sum(Expr.input(0), ROW, powers);
    if (labels) {
      Tensor picked = logits.scope().sum(pick(shifted, 2), ROW, logits, max, column(target));
      return meanOverRows(sum.map(picked, (s, z) -> s.log().sub(z)));
    }
    Tensor logSum = sum.map(Expr::log);
    Expr weighted = Expr.input(3).mul(Expr.input(2).sub(shifted));
    return meanOverRows(logits.scope().sum(weighted, ROW, logits, max, logSum, target));
  }

  /**
   * Cross entropy of probabilities: {@code -sum(t log(y + 1e-7))}, the mean over rows.
   *
   * @param probabilities [n, c], such as a softmax's
   * @param target labels [n] or rows [n, c]
   */
  public static Tensor crossEntropy(Tensor probabilities, Tensor target) {
    boolean labels = areLabels(target, probabilities);
    Expr surprise = Expr.input(0).add(TINY).log().neg();
    Expr weighted = labels ? pick(surprise, 1) : surprise.mul(Expr.input(1));
    Tensor second = labels ? column(target) : target;
    return meanOverRows(probabilities.scope().sum(weighted, ROW, probabilities, second));
  }

  /**
   * The mean of (y - t)^2 over all elements.
   *
   * @param target of the output's shape
   */
  public static Tensor meanSquaredError(Tensor output, Tensor target) {
    requireSameShape(output, target);
    return output.map(target, (y, t) -> y.sub(t).square()).mean().reshape();
  }

  /**
   * Binary cross entropy of the sigmoid of logits: {@code log(1 + exp(z)) - t z}, without overflow,
   * summed over a row and the mean over rows.
   *
   * @param logits [n, ...]
   * @param target of the logits' shape, in [0, 1]
   */
  public static Tensor binaryCrossEntropyFromLogits(Tensor logits, Tensor target) {
    requireSameShape(logits, target);
    return meanOverRows(logits.map(target, (z, t) -> Activations.softplus(z).sub(t.mul(z))));
  }

  /**
   * Binary cross entropy of probabilities: {@code -t log(y + 1e-7) - (1 - t) log(1 - y + 1e-7)},
   * summed over a row and the mean over rows.
   *
   * @param probabilities [n, ...]
   * @param target of the probabilities' shape, in [0, 1]
   */
  public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor target) {
    requireSameShape(probabilities, target);
    return meanOverRows(probabilities.map(target, Losses::binarySurprise));
  }

  private static Expr binarySurprise(Expr y, Expr t) {
    Expr yes = t.mul(y.add(TINY).log());
    Expr no = Expr.ONE.sub(t).mul(Expr.ONE.sub(y).add(TINY).log());
    return yes.add(no).neg();
  }

  /** The value in the column that a label names, 0 in the others. */
  private static Expr pick(Expr value, int labelInput) {
    return Expr.select(Expr.index(1).eq(Expr.intInput(labelInput)), value, Expr.ZERO);
  }

  private static Tensor column(Tensor labels) {
    return labels.reshape(labels.shape().dim(0), 1);
  }

  private static Tensor meanOverRows(Tensor values) {
    int rows = values.shape().rank() == 0 ? 1 : Math.max(1, values.shape().dim(0));
    int[] all = IntStream.range(0, values.shape().rank()).toArray();
    return values.scope().sum(Expr.input(0).mul(1.0 / rows), all, values).reshape();
  }

  private static boolean areLabels(Tensor target, Tensor output) {
    Shape shape = output.shape();
    boolean integral = target.type().type() == Type.INT;
    boolean labels = integral && shape.rank() == 2 && target.shape().equals(Shape.of(shape.dim(0)));
    boolean rows = !integral && shape.rank() == 2 && target.shape().equals(shape);
    if (!labels && !rows) {
      throw new IllegalArgumentException(
          "for an output [n, c] the target is integer labels [n] or real rows [n, c]; "
              + ("not " + target.type() + " " + target.shape() + " for an output " + shape));
    }
    return labels;
  }

  private static void requireSameShape(Tensor output, Tensor target) {
    if (!output.shape().equals(target.shape())) {
      throw new IllegalArgumentException(
          "output " + output.shape() + " and target " + target.shape() + " differ in shape");
    }
  }
}
