package nn.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Pooling of unpadded images: for each window and channel an expression of the window's pixels, and
 * backward the expression's derivatives. No kernel knows of it: the pixels are operands, each a
 * view of the images.
 *
 * @param images [n, height, width, channels]
 * @param expr input i is the window's i-th pixel, row by row
 */
record Pooling(Scope scope, Window window, Tensor images, Expr expr) implements Tape.Backward {

  /** [n, windows down, windows across, channels]. */
  Tensor output() {
    Tensor result = scope.result(shape(), images.type(), List.of(images));
    scope.mapInto(List.of(expr), taps(images), List.of(result));
    return result;
  }

  private Shape shape() {
    return window.over(images.shape());
  }

  private List<Tensor> taps(Tensor whole) {
    return taps(scope, window, whole.operand());
  }

  /** The pixels of the windows, a tensor for each place in a window. */
  static List<Tensor> taps(Scope scope, Window window, Operand operand) {
    List<Tensor> taps = new ArrayList<>();
    for (int row = 0; row < window.height(); row++) {
      for (int column = 0; column < window.width(); column++) {
        Layout tap = window.tap(operand.layout(), row, column);
        taps.add(scope.constant(operand.with(tap)));
      }
    }
    return taps;
  }

  @Override
  public List<@Nullable Tensor> gradients(Tensor outputGradient) {
    Tensor result = scope.allocate(images.shape(), images.type());
    List<Tensor> inputs = taps(images);
    inputs.add(outputGradient);
    List<Expr> gradients = new ArrayList<>();
    for (int i = 0; i < window.taps(); i++) {
      Expr derivative = expr.derivative(new Expr.Input(i, Type.FLOAT));
      gradients.add(Expr.input(window.taps()).mul(derivative));
    }
    if (window.isDisjoint()) {
      scope.mapInto(gradients, inputs, taps(result));
    } else {
      addOneByOne(gradients, inputs, taps(result));
    }
    return Arrays.asList(result);
  }

  /** A pixel of several windows has the sum of what it gets from each, in a fixed order. */
  private void addOneByOne(List<Expr> gradients, List<Tensor> inputs, List<Tensor> targets) {
    for (int i = 0; i < gradients.size(); i++) {
      List<Tensor> all = new ArrayList<>(inputs);
      all.add(targets.get(i));
      Expr sum = Expr.input(inputs.size()).add(gradients.get(i));
      scope.mapInto(List.of(sum), all, targets.subList(i, i + 1));
    }
  }
}
