package nn.tensor;

import java.util.Arrays;
import java.util.List;
import nn.backend.DType;
import nn.backend.Shape;
import nn.expr.Expr;
import org.jspecify.annotations.Nullable;

/**
 * Max pooling of windows that share no pixel. It keeps which pixel of each window was the largest,
 * the first of several, so that backward nothing else need be read.
 *
 * @param images [n, height, width, channels]
 * @param largest [n, windows down, windows across, channels], written by {@link #output}
 * @param choices U8, as many, written with them
 */
record MaxPooling(Scope scope, Window window, Tensor images, Tensor largest, Tensor choices)
    implements Tape.Backward {
  /** What the choices' type can number. */
  private static final int MOST_TAPS = 256;

  static MaxPooling of(Scope scope, Window window, Tensor images) {
    Shape windows = window.over(images.shape());
    Tensor largest = scope.result(windows, images.type(), List.of(images));
    return new MaxPooling(scope, window, images, largest, scope.allocate(windows, DType.U8));
  }

  /** Whether choices can be kept for such windows. */
  static boolean suits(Window window) {
    return window.isDisjoint() && window.taps() <= MOST_TAPS;
  }

  /** The largest of a window's pixels, input i being the i-th. */
  static Expr largest(Window window) {
    Expr largest = Expr.input(0);
    for (int i = 1; i < window.taps(); i++) {
      largest = largest.max(Expr.input(i));
    }
    return largest;
  }

  private static Expr choice(Window window) {
    Expr largest = Expr.input(0);
    Expr choice = Expr.integer(0);
    for (int i = 1; i < window.taps(); i++) {
      choice = Expr.select(largest.lt(Expr.input(i)), Expr.integer(i), choice);
      largest = largest.max(Expr.input(i));
    }
    return choice;
  }

  /** The largest pixels. */
  Tensor output() {
    List<Tensor> taps = Pooling.taps(scope, window, images.operand());
    scope.mapInto(List.of(largest(window), choice(window)), taps, List.of(largest, choices));
    return largest;
  }

  @Override
  public List<@Nullable Tensor> gradients(Tensor outputGradient) {
    return Arrays.asList(new Tensor(scope, new Unpooled(this, outputGradient)));
  }
}
