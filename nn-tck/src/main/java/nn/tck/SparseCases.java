package nn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.SparseGemm;
import nn.backend.SparseGemm.Direction;

/** Products with a sparse factor: the gradients of a convolution that max pooling follows. */
final class SparseCases {

  /** Windows of a size, every so many pixels. */
  private record Windows(int down, int across, int every) {
    @Override
    public String toString() {
      return "%dx%d every %d".formatted(down, across, every);
    }
  }

  /**
   * Images, windows of a convolution over them, and windows of a pooling over its result.
   *
   * @param outputs channels of the result
   */
  private record Pooled(
      int n, int height, int width, int channels, Windows size, Windows pool, int outputs) {

    String text(String what) {
      return "%s: %d images of %dx%dx%d, windows %s, pools %s, to %d"
          .formatted(what, n, height, width, channels, size, pool, outputs);
    }

    Shape images() {
      return Shape.of(n, height, width, channels);
    }

    /** [n, pools down, across, pool's height, width, window's height, width, channels]. */
    Layout view(int offset) {
      return Layout.contiguous(images(), offset)
          .unfold(1, size.down, size.every)
          .unfold(2, size.across, size.every)
          .unfold(1, pool.down, pool.every)
          .unfold(2, pool.across, pool.every)
          .permute(0, 1, 2, 6, 7, 4, 5, 3);
    }

    int[] pooled() {
      Shape view = view(0).shape();
      return new int[] {view.dim(0), view.dim(1), view.dim(2), outputs};
    }

    int[] weights() {
      return new int[] {size.down, size.across, channels, outputs};
    }
  }

  private static final List<Pooled> POOLED =
      List.of(
          new Pooled(2, 28, 28, 1, new Windows(5, 5, 1), new Windows(2, 2, 2), 24),
          new Pooled(3, 12, 12, 24, new Windows(3, 3, 1), new Windows(2, 2, 2), 32),
          new Pooled(1, 1, 1, 1, new Windows(1, 1, 1), new Windows(1, 1, 1), 1),
          new Pooled(70, 6, 5, 2, new Windows(2, 3, 1), new Windows(2, 1, 2), 3),
          new Pooled(2, 14, 15, 3, new Windows(3, 2, 2), new Windows(2, 3, 3), 5),
          new Pooled(1, 9, 20, 70, new Windows(2, 2, 1), new Windows(3, 3, 3), 2),
          new Pooled(5, 8, 8, 17, new Windows(1, 1, 1), new Windows(2, 2, 3), 33),
          // more windows than an integer has bits, and a prime number of channels
          new Pooled(2, 17, 15, 3, new Windows(3, 3, 1), new Windows(2, 2, 2), 7),
          // rows of windows that fill little of a vector, of any width
          new Pooled(2, 11, 13, 1, new Windows(3, 3, 1), new Windows(2, 2, 2), 17),
          new Pooled(2, 9, 9, 1, new Windows(2, 2, 1), new Windows(4, 4, 4), 24),
          new Pooled(3, 5, 5, 1, new Windows(5, 5, 1), new Windows(1, 1, 1), 40),
          new Pooled(2, 12, 13, 1, new Windows(4, 3, 1), new Windows(3, 3, 3), 24),
          new Pooled(1, 14, 8, 1, new Windows(13, 1, 1), new Windows(2, 8, 1), 9),
          // more candidates than a vector has lanes
          new Pooled(2, 14, 12, 2, new Windows(3, 3, 1), new Windows(5, 5, 5), 19));

  private SparseCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Pooled p : POOLED) {
      cases.add(gather(p, p.text("gather"), DType.U8));
      cases.add(scatter(p, p.text("scatter"), DType.U8));
    }
    cases.add(gather(POOLED.get(3), "gather by choices of I32", DType.I32));
    cases.add(scatter(POOLED.get(3), "scatter by choices of I32", DType.I32));
    return cases;
  }

  private static Case sparse(String name, Function<Workspace, SparseGemm> body) {
    return Computation.of(name, Verb.GEMM, Tolerance.SUM, w -> List.of(body.apply(w)));
  }

  private static Case gather(Pooled p, String name, DType choices) {
    return sparse(
        name,
        w -> {
          Operand images = w.normal(p.images().dims());
          Operand weights = w.output(p.weights());
          return product(Direction.GATHER, p, w, images, weights, choices);
        });
  }

  private static Case scatter(Pooled p, String name, DType choices) {
    return sparse(
        name,
        w -> {
          Operand images = w.output(p.images().dims());
          Operand weights = w.normal(p.weights());
          return product(Direction.SCATTER, p, w, images, weights, choices);
        });
  }

  private static SparseGemm product(
      Direction direction, Pooled p, Workspace w, Operand images, Operand weights, DType choices) {
    return new SparseGemm(
        direction,
        images,
        images.with(p.view(images.layout().offset())),
        halfZero(p, w),
        w.integers(choices, 0, p.pool.down * p.pool.across, p.pooled()),
        weights);
  }

  private static Operand halfZero(Pooled p, Workspace w) {
    Shape shape = Shape.of(p.pooled());
    double[] values =
        w.random().doubles(shape.size(), -1, 1).map(value -> Math.max(0, value)).toArray();
    return w.values(DType.F32, values).with(Layout.contiguous(shape, 0));
  }
}
