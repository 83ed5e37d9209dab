package nn.tck;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.Slices;
import nn.expr.Expr;
import nn.expr.Program;

/** Chains that run image by image, as a plan makes them of convolutions and poolings. */
final class SlicesCases {
  private static final int WINDOW = 3;
  private static final int POOL = 2;

  /**
   * Images that are convolved, pooled, and convolved once more.
   *
   * @param size their height and width
   */
  private record Net(int n, int size, int channels, int first, int second) {

    int convolved() {
      return size - WINDOW + 1;
    }

    int pooled() {
      return convolved() / POOL;
    }

    int last() {
      return pooled() - WINDOW + 1;
    }

    @Override
    public String toString() {
      return "%d images of %dx%dx%d to %d and %d channels"
          .formatted(n, size, size, channels, first, second);
    }
  }

  /** Some make more than a second-level cache holds, and numbers without small divisors. */
  private static final List<Net> NETS =
      List.of(
          new Net(1, 8, 1, 2, 3),
          new Net(6, 9, 3, 17, 5),
          new Net(96, 28, 1, 8, 4),
          new Net(67, 20, 2, 24, 30));

  private SlicesCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Net net : NETS) {
      cases.add(slices("slices: " + net, net, true));
      cases.add(slices("slices, all stored: " + net, net, false));
    }
    cases.add(steps());
    return cases;
  }

  private static Case slices(String name, Net net, boolean internal) {
    return Computation.one(
        name, Verb.CHAIN, Tolerance.SUM, w -> chain(w, net, w.normal(images(net)), internal));
  }

  /** A compiled chain is run again and finds what it reads changed. */
  private static Case steps() {
    Net net = NETS.getLast();
    return Computation.compiled(
        "slices three times",
        Tolerance.SUM,
        w -> {
          Operand images = w.normal(images(net));
          Expr next = Expr.input(0).mul(0.5).add(0.25);
          return List.of(chain(w, net, images, true), Elementwise.of(next, images, images));
        },
        1,
        2);
  }

  private static int[] images(Net net) {
    return new int[] {net.n, net.size, net.size, net.channels};
  }

  private static Command chain(Workspace w, Net net, Operand images, boolean internal) {
    int pixels = net.convolved() * net.convolved();
    int lastPixels = net.last() * net.last();
    int[] firstDims = {net.n * pixels, net.first};
    int[] lastDims = {net.n * lastPixels, net.second};
    Operand first = internal ? w.scratch(firstDims) : w.output(firstDims);
    Operand last = internal ? w.scratch(lastDims) : w.output(lastDims);
    Operand pooled = w.output(net.n, net.pooled(), net.pooled(), net.first);
    Shape lastImages = Shape.of(net.n, net.last(), net.last(), net.second);
    Operand asImages = last.with(Layout.contiguous(lastImages, last.layout().offset()));
    Operand rounded = w.output(DType.BF16, net.n, net.last(), net.last(), net.second);
    Operand bias = w.normal(net.second).broadcastTo(Shape.of(lastDims));
    Expr sum = Expr.input(0).add(Expr.input(1));
    List<Command> stages =
        List.of(
            Gemm.of(windows(images), w.normal(WINDOW * WINDOW * net.channels, net.first), first),
            pooling(net, first, pooled, w.normal(net.first)),
            new Gemm(
                windows(pooled),
                w.normal(WINDOW * WINDOW * net.first, net.second),
                Program.of(sum),
                List.of(bias),
                List.of(last)),
            Elementwise.of(Expr.input(0).max(Expr.ZERO), rounded, asImages));
    return new Slices(net.n, stages, internal ? List.of(first, last) : List.of());
  }

  /** [n, down, across, window's height, width, channels]. */
  private static Operand windows(Operand images) {
    Layout view =
        images.layout().unfold(1, WINDOW, 1).unfold(2, WINDOW, 1).permute(0, 1, 2, 4, 5, 3);
    return images.with(view);
  }

  private static Command pooling(Net net, Operand convolved, Operand pooled, Operand bias) {
    Shape images = Shape.of(net.n, net.convolved(), net.convolved(), net.first);
    Layout taps =
        Layout.contiguous(images, convolved.layout().offset())
            .unfold(1, POOL, POOL)
            .unfold(2, POOL, POOL); // [n, down, across, channels, height, width]
    Operand[] inputs = new Operand[POOL * POOL + 1];
    Expr largest = Expr.input(0);
    for (int i = 0; i < POOL * POOL; i++) {
      inputs[i] = convolved.with(taps.select(5, i % POOL).select(4, i / POOL));
      largest = i == 0 ? largest : largest.max(Expr.input(i));
    }
    inputs[POOL * POOL] = bias.broadcastTo(pooled.shape());
    return Elementwise.of(largest.add(Expr.input(POOL * POOL)), pooled, inputs);
  }
}
