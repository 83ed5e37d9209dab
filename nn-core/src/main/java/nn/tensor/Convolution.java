package nn.tensor;

import java.util.Arrays;
import java.util.List;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.SparseGemm;
import nn.backend.SparseGemm.Direction;
import org.jspecify.annotations.Nullable;

/**
 * The convolution of unpadded images with weights, as in neural networks (a cross-correlation), and
 * its gradients: three products of a view of windows and a matrix.
 *
 * <p>With pixels (y, x), taps (i, j), channels c in and d out, and stride s:
 *
 * <pre>
 *   out[y, x, d]   = sum over i, j, c  of in[s y + i, s x + j, c] w[i, j, c, d]
 *   dw[i, j, c, d] = sum over n, y, x  of in[s y + i, s x + j, c] dout[y, x, d]
 *   din[y, x, c]   = sum over i, j, d  of spread[y - i, x - j, d] w[i, j, c, d]
 * </pre>
 *
 * <p>where {@code spread} is dout with s - 1 zeros between its pixels and zeros around: a view of
 * its windows with the weights turned upside down.
 *
 * @param images [n, height, width, channels in]
 * @param weights [window's height, window's width, channels in, channels out]
 */
record Convolution(Scope scope, Window window, Tensor images, Tensor weights)
    implements Tape.Backward {

  /** out: [n, windows down, windows across, channels out]. */
  Tensor output() {
    int outputs = weights.shape().dim(3);
    Tensor result =
        scope.result(window.over(images.shape(), outputs), images.type(), List.of(images, weights));
    multiply(window.windows(images.operand().layout()), images, matrix(weights), result);
    return result;
  }

  @Override
  public List<@Nullable Tensor> gradients(Tensor outputGradient) {
    Unpooled sparse = outputGradient.unpooled();
    if (sparse != null && images.operand().isPlain() && weights.operand().isPlain()) {
      return gradients(sparse);
    }
    Tensor gradient = outputGradient.contiguous();
    return Arrays.asList(
        images.differentiable() ? ofImages(gradient) : null,
        weights.differentiable() ? ofWeights(gradient) : null);
  }

  /** Of the pixels that max pooling chose alone. */
  private List<@Nullable Tensor> gradients(Unpooled gradient) {
    Tensor ofImages = images.differentiable() ? empty(images) : null;
    Tensor ofWeights = weights.differentiable() ? empty(weights) : null;
    if (ofImages != null) {
      multiply(Direction.SCATTER, gradient, ofImages, weights.contiguous());
    }
    if (ofWeights != null) {
      multiply(Direction.GATHER, gradient, images, ofWeights);
    }
    return Arrays.asList(ofImages, ofWeights);
  }

  private Tensor empty(Tensor like) {
    return scope.allocate(like.shape(), like.type());
  }

  /**
   * The view is [n, pools down, pools across, pool's height, pool's width, window's height,
   * window's width, channels].
   */
  private void multiply(Direction direction, Unpooled gradient, Tensor images, Tensor matrix) {
    Tensor dense = images.contiguous();
    Window pool = gradient.window();
    Layout view =
        window
            .windows(dense.operand().layout())
            .unfold(1, pool.height(), pool.strideHeight())
            .unfold(2, pool.width(), pool.strideWidth())
            .permute(0, 1, 2, 6, 7, 3, 4, 5);
    scope.run(
        new SparseGemm(
            direction,
            dense.operand(),
            dense.operand().with(view),
            gradient.values().contiguous().operand(),
            gradient.choices().operand(),
            matrix.operand()));
  }

  private Tensor ofWeights(Tensor gradient) {
    Tensor result = scope.allocate(weights.shape(), weights.type());
    Layout windows = window.windows(images.operand().layout());
    multiply(windows.permute(3, 4, 5, 0, 1, 2), images, matrix(gradient), result);
    return result;
  }

  private Tensor ofImages(Tensor gradient) {
    Shape shape = images.shape();
    Tensor result = scope.allocate(shape, images.type());
    Tensor spread = spread(gradient);
    Layout turned = weights.operand().layout().flip(0).flip(1).permute(0, 1, 3, 2); // [i, j, d, c]
    Tensor flipped = scope.copy(scope.constant(weights.operand().with(turned)));
    Window everywhere = window.stride(1);
    multiply(everywhere.windows(spread.operand().layout()), spread, matrix(flipped), result);
    return result;
  }

  /** The gradient among so many zeros that each pixel of an image has a window of it. */
  private Tensor spread(Tensor gradient) {
    Shape images = this.images.shape();
    int above = window.height() - 1;
    int left = window.width() - 1;
    Shape outer =
        Shape.of(
            images.dim(0), images.dim(1) + above, images.dim(2) + left, gradient.shape().dim(3));
    Tensor zeros = scope.allocate(outer, gradient.type());
    Layout pixels =
        zeros
            .operand()
            .layout()
            .slice(1, above, outer.dim(1))
            .slice(2, left, outer.dim(2))
            .unfold(1, 1, window.strideHeight())
            .unfold(2, 1, window.strideWidth())
            .select(5, 0)
            .select(4, 0);
    Layout written =
        pixels.slice(1, 0, gradient.shape().dim(1)).slice(2, 0, gradient.shape().dim(2));
    scope.copyInto(gradient, zeros.operand().with(written));
    return zeros;
  }

  private void multiply(Layout view, Tensor viewed, Operand matrix, Tensor result) {
    Operand a = viewed.operand().with(view);
    Gemm product = Gemm.of(a, matrix, asMatrix(result.operand(), matrix.shape().dim(1)));
    scope.run(product);
  }

  /** The last axis as columns, the others as rows. */
  private static Operand matrix(Tensor tensor) {
    Tensor dense = tensor.contiguous();
    return asMatrix(dense.operand(), dense.shape().dim(-1));
  }

  private static Operand asMatrix(Operand dense, int columns) {
    int rows = dense.shape().size() / Math.max(1, columns);
    return dense.with(Layout.contiguous(Shape.of(rows, columns), dense.layout().offset()));
  }
}
