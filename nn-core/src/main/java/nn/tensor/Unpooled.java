package nn.tensor;

import java.util.ArrayList;
import java.util.List;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;

/**
 * The gradient of images that went through max pooling: in each window, for each channel, one pixel
 * has a value and the others have 0. Who can do with that need not write the zeros.
 *
 * @param pooling chose the pixels
 * @param values of the chosen ones: [n, windows down, windows across, channels]
 */
record Unpooled(MaxPooling pooling, Tensor values) {

  /** The images written out. */
  Operand spread() {
    Scope scope = pooling.scope();
    Tensor images = scope.allocate(shape(), type());
    List<Expr> pixels = new ArrayList<>();
    for (int i = 0; i < window().taps(); i++) {
      Expr chosen = Expr.intInput(1).eq(Expr.integer(i));
      pixels.add(Expr.select(chosen, Expr.input(0), Expr.ZERO));
    }
    List<Tensor> targets = Pooling.taps(scope, window(), images.operand());
    scope.mapInto(pixels, List.of(values, choices()), targets);
    return images.operand();
  }

  /** Of the images. */
  Shape shape() {
    return pooling.images().shape();
  }

  DType type() {
    return values.type();
  }

  /** Slides over the images; no pixel is in two windows. */
  Window window() {
    return pooling.window();
  }

  /** The numbers of the chosen pixels within their windows, as many as there are values. */
  Tensor choices() {
    return pooling.choices();
  }

  /** The same pixels with other values. */
  Unpooled with(Tensor otherValues) {
    return new Unpooled(pooling, otherValues);
  }

  /** Whether a sum over these axes is over whole images, so that zeros do not count. */
  boolean isSummedOver(int... axes) {
    boolean down = false;
    boolean across = false;
    for (int axis : axes) {
      down |= axis == 1;
      across |= axis == 2;
    }
    return down && across;
  }
}
