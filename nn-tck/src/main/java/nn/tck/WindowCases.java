package nn.tck;

import java.util.ArrayList;
import java.util.List;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Products of factors whose rows and terms run over several axes: windows that slide over images.
 */
final class WindowCases {

  /**
   * Images and the windows that slide over them.
   *
   * @param outputs channels of the result
   */
  private record Slide(
      int n, int height, int width, int channels, int down, int across, int step, int outputs) {

    String text(String what) {
      return "%s of %d images of %dx%dx%d, windows of %dx%d, every %d, to %d"
          .formatted(what, n, height, width, channels, down, across, step, outputs);
    }

    Layout images() {
      return Layout.contiguous(Shape.of(n, height, width, channels), 0);
    }

    /** [n, windows down, windows across, down, across, channels]. */
    Layout windows() {
      return images().unfold(1, down, step).unfold(2, across, step).permute(0, 1, 2, 4, 5, 3);
    }

    int positions() {
      Shape shape = windows().shape();
      return shape.dim(0) * shape.dim(1) * shape.dim(2);
    }

    int taps() {
      return down * across * channels;
    }
  }

  private static final List<Slide> SLIDES =
      List.of(
          new Slide(1, 1, 1, 1, 1, 1, 1, 1),
          new Slide(2, 28, 28, 1, 5, 5, 1, 24),
          new Slide(3, 12, 12, 24, 3, 3, 1, 32),
          new Slide(1, 14, 14, 32, 3, 3, 1, 24),
          new Slide(4, 9, 8, 3, 2, 4, 1, 17),
          new Slide(2, 17, 31, 2, 3, 1, 2, 5),
          new Slide(5, 6, 40, 1, 1, 7, 3, 33),
          new Slide(2, 5, 5, 7, 5, 5, 1, 10),
          new Slide(9, 4, 4, 5, 1, 1, 2, 16),
          new Slide(1, 30, 3, 16, 4, 3, 1, 1),
          new Slide(70, 7, 6, 2, 3, 2, 1, 3),
          new Slide(0, 5, 5, 2, 3, 3, 1, 4));

  private WindowCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Slide s : SLIDES) {
      cases.add(convolution(s));
      cases.add(weightGradient(s));
      cases.add(withEpilogue(s));
      cases.add(largest(s));
    }
    cases.addAll(List.of(manyTerms(), manyImages(), backwards(), bfloat16(), moved()));
    cases.addAll(List.of(notFinite(), scattered()));
    return cases;
  }

  private static Operand seen(Operand images, Layout layout) {
    return images.with(layout);
  }

  private static Case convolution(Slide s) {
    return GemmCases.gemm(
        s.text("convolution"),
        Tolerance.SUM,
        w ->
            Gemm.of(
                seen(w.normal(DType.F32, s.images()), s.windows()),
                w.normal(s.taps(), s.outputs()),
                w.output(s.positions(), s.outputs())));
  }

  private static Case weightGradient(Slide s) {
    return GemmCases.gemm(
        s.text("gradient of weights"),
        Tolerance.SUM,
        w ->
            Gemm.of(
                seen(w.normal(DType.F32, s.images()), s.windows().permute(3, 4, 5, 0, 1, 2)),
                w.normal(s.positions(), s.outputs()),
                w.output(s.taps(), s.outputs())));
  }

  private static Case withEpilogue(Slide s) {
    Expr biased = Expr.input(0).add(Expr.input(1));
    Program program = Program.of(biased.max(Expr.ZERO), biased.mul(Expr.input(2)));
    Shape shape = Shape.of(s.positions(), s.outputs());
    return GemmCases.gemm(
        s.text("biased and clipped convolution"),
        Tolerance.COMPOSED,
        w ->
            new Gemm(
                seen(w.normal(DType.F32, s.images()), s.windows()),
                w.normal(s.taps(), s.outputs()),
                program,
                List.of(
                    w.normal(s.outputs()).broadcastTo(shape), w.normal(s.positions(), s.outputs())),
                List.of(
                    w.output(s.positions(), s.outputs()), w.output(s.positions(), s.outputs()))));
  }

  /** Pooling: an elementwise pass whose inputs are views of one array. */
  private static Case largest(Slide s) {
    Layout windows = s.windows();
    Shape shape = windows.select(5, 0).select(4, 0).select(3, 0).shape();
    return Computation.one(
        s.text("largest pixel"),
        Verb.ELEMENTWISE,
        Tolerance.ROUNDED,
        w -> {
          Operand images = w.normal(DType.F32, s.images());
          List<Operand> taps = new ArrayList<>();
          Expr max = Expr.constant(Double.NEGATIVE_INFINITY);
          for (int row = 0; row < s.down; row++) {
            for (int column = 0; column < s.across; column++) {
              max = max.max(Expr.input(taps.size()));
              taps.add(images.with(windows.select(4, column).select(3, row).select(3, 0)));
            }
          }
          return new Elementwise(shape, Program.of(max), taps, List.of(w.output(shape.dims())));
        });
  }

  /** More terms than are added in one go. */
  private static Case manyTerms() {
    return convolution(new Slide(2, 7, 6, 500, 4, 3, 1, 9));
  }

  private static Case manyImages() {
    return weightGradient(new Slide(300, 6, 6, 2, 3, 3, 1, 20));
  }

  /** Windows walked backwards, as the gradient of images has the weights. */
  private static Case backwards() {
    Slide s = new Slide(2, 9, 11, 3, 3, 4, 1, 12);
    return GemmCases.gemm(
        s.text("turned convolution"),
        Tolerance.SUM,
        w ->
            Gemm.of(
                seen(w.normal(DType.F32, s.images()), s.windows().flip(3).flip(4)),
                w.normal(s.taps(), s.outputs()),
                w.output(s.positions(), s.outputs())));
  }

  private static Case bfloat16() {
    Slide s = new Slide(2, 9, 8, 3, 3, 2, 1, 18);
    return GemmCases.gemm(
        s.text("convolution in BF16"),
        Tolerance.SUM,
        w ->
            Gemm.of(
                seen(w.normal(DType.BF16, s.images()), s.windows()),
                w.normal(DType.BF16, Layout.contiguous(Shape.of(s.taps(), s.outputs()), 0)),
                w.output(s.positions(), s.outputs())));
  }

  /** Images, weights and results behind a cursor. */
  private static Case moved() {
    Slide s = new Slide(2, 6, 7, 2, 3, 3, 1, 6);
    int image = s.images().shape().size();
    int result = s.positions() * s.outputs();
    return GemmCases.gemm(
        s.text("convolution of the second of two batches"),
        Tolerance.SUM,
        w -> {
          Operand images = w.normal(2 * image).with(s.windows());
          Operand weights =
              w.normal(2 * s.taps() * s.outputs())
                  .with(Layout.contiguous(Shape.of(s.taps(), s.outputs()), 0));
          Operand target =
              w.output(2 * result).with(Layout.contiguous(Shape.of(s.positions(), s.outputs()), 0));
          return Gemm.of(
              images.movedBy(w.cursor(1, image)),
              weights.movedBy(w.cursor(1, s.taps() * s.outputs())),
              target.movedBy(w.cursor(1, result)));
        });
  }

  /** A pixel that is no number spoils the windows that it is in, and no other. */
  private static Case notFinite() {
    Slide s = new Slide(2, 10, 12, 2, 3, 3, 1, 21);
    return GemmCases.gemm(
        s.text("NaN and infinity in a convolution"),
        Tolerance.SUM,
        w -> {
          double[] pixels = w.random().doubles(s.images().shape().size(), 0.5, 1).toArray();
          double[] weights = w.random().doubles((long) s.taps() * s.outputs(), 0.5, 1).toArray();
          pixels[11 * 2] = Double.NaN; // a corner: in one window
          pixels[pixels.length / 2 + 5 * 24 + 11] = Double.POSITIVE_INFINITY;
          weights[weights.length - 1] = Double.NaN;
          return Gemm.of(
              w.values(DType.F32, pixels).with(s.windows()),
              w.values(DType.F32, weights)
                  .with(Layout.contiguous(Shape.of(s.taps(), s.outputs()), 0)),
              w.output(s.positions(), s.outputs()));
        });
  }

  /** Axes that lie anyhow, the innermost with gaps. */
  private static Case scattered() {
    Layout a = Layout.of(Shape.of(3, 5, 4, 7, 2), new int[] {11, 300, 2, 40, 1400}, 3);
    return GemmCases.gemm(
        "rows over two axes and terms over three",
        Tolerance.SUM,
        w -> {
          Operand transposed = w.normal(19, 56);
          return Gemm.of(
              w.normal(DType.F32, a),
              transposed.with(transposed.layout().transpose()),
              w.output(DType.F32, Layout.of(Shape.of(15, 19), new int[] {50, 2}, 1)));
        });
  }
}
