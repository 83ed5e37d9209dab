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
 * @param shape of the images
 * @param window slides over them; no pixel is in two windows
 * @param values [n, windows down, windows across, channels]
 * @param choices the number of the pixel within its window, as many
 */
record Unpooled(Scope scope, Shape shape, Window window, Tensor values, Tensor choices) {

  /** The images written out. */
  Operand spread() {
    Tensor images = scope.allocate(shape, values.type());
    List<Expr> pixels = new ArrayList<>();
    for (int i = 0; i < window.taps(); i++) {
      Expr chosen = Expr.intInput(1).eq(Expr.integer(i));
      pixels.add(Expr.select(chosen, Expr.input(0), Expr.ZERO));
    }
    List<Tensor> targets = Pooling.taps(scope, window, images.operand());
    scope.mapInto(pixels, List.of(values, choices), targets);
    return images.operand();
  }

  DType type() {
    return values.type();
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
