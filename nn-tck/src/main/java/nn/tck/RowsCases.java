package nn.tck;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;

/** Chains along rows, as a plan makes them of softmax and of normalizations. */
final class RowsCases {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private static final int[][] SHAPES = {
    {1, 1}, {5, 3}, {128, 10}, {7, 16}, {3, 17}, {33, 33}, {2, 207}, {3, 1000}, {0, 10}
  };

  private RowsCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int[] dims : SHAPES) {
      cases.add(softmaxCrossEntropy(Shape.of(dims), true));
      cases.add(softmaxCrossEntropy(Shape.of(dims), false));
      cases.add(layerNorm(Shape.of(dims)));
    }
    cases.add(softmaxCrossEntropy(Shape.of(2, 3, 18), true));
    cases.add(argmaxOfRows());
    cases.add(largeLogits());
    return cases;
  }

  private static Reduce reduce(Combiner combiner, Expr expr, Operand out, Operand... inputs) {
    Shape shape = inputs[0].shape();
    List<Operand> stretched =
        List.of(inputs).stream().map(input -> input.broadcastTo(shape)).toList();
    return new Reduce(
        shape,
        Program.of(expr),
        List.of(combiner),
        List.of(shape.rank() - 1),
        stretched,
        List.of(out));
  }

  /** From logits and labels to the loss of each row and the gradient of their mean. */
  private static Case softmaxCrossEntropy(Shape shape, boolean internal) {
    String stored = internal ? "" : ", all stored";
    return Computation.one(
        "softmax cross entropy of " + shape + stored,
        Verb.CHAIN,
        Tolerance.COMPOSED,
        w -> softmax(w, w.normal(shape.dims()), internal));
  }

  private static Command softmax(Workspace w, Operand logits, boolean internal) {
    Shape shape = logits.shape();
    int[] rows = shape.reduced(-1).dims();
    Operand labels = w.integers(DType.I32, 0, Math.max(1, shape.dim(-1)), rows);
    Operand max = internal ? w.scratch(rows) : w.output(rows);
    Operand exp = internal ? w.scratch(shape.dims()) : w.output(shape.dims());
    Operand sum = internal ? w.scratch(rows) : w.output(rows);
    Operand chosen = internal ? w.scratch(rows) : w.output(rows);
    Expr hit = Expr.index(shape.rank() - 1).eq(Expr.intInput(1));
    Expr isLabel = Expr.index(shape.rank() - 1).eq(Expr.intInput(2));
    Expr loss = X.log().add(Y).sub(Expr.input(2));
    Expr gradient = X.div(Y).sub(Expr.select(isLabel, Expr.ONE, Expr.ZERO)).mul(1.0 / 16);
    List<Command> stages =
        List.of(
            reduce(Combiner.MAX, X, max, logits),
            Elementwise.of(X.sub(Y).exp(), exp, logits, max),
            reduce(Combiner.SUM, X, sum, exp),
            reduce(Combiner.SUM, Expr.select(hit, X, Expr.ZERO), chosen, logits, labels),
            Elementwise.of(loss, w.output(rows), sum, max, chosen),
            Elementwise.of(gradient, w.output(shape.dims()), exp, sum, labels));
    return new Rows(shape, stages, internal ? List.of(max, exp, sum, chosen) : List.of());
  }

  private static Case layerNorm(Shape shape) {
    double n = Math.max(1, shape.dim(-1));
    return Computation.one(
        "layer normalization of " + shape,
        Verb.CHAIN,
        new Tolerance(1e-4, 1, 0, 1e-9),
        w -> {
          int[] rows = shape.reduced(-1).dims();
          Operand x = w.normal(shape.dims());
          Operand mean = w.scratch(rows);
          Operand variance = w.output(rows);
          Operand gain = w.normal(shape.dim(-1));
          Expr normal = X.sub(Y).div(Expr.input(2).add(1e-3).sqrt()).mul(Expr.input(3));
          List<Command> stages =
              List.of(
                  reduce(Combiner.SUM, X.mul(1 / n), mean, x),
                  reduce(Combiner.SUM, X.sub(Y).square().mul(1 / n), variance, x, mean),
                  Elementwise.of(normal, w.output(shape.dims()), x, mean, variance, gain));
          return new Rows(shape, stages, List.of(mean));
        });
  }

  private static Case argmaxOfRows() {
    return Computation.one(
        "predicted class and whether it is right",
        Verb.CHAIN,
        Tolerance.EXACT,
        w -> {
          Operand logits = w.normal(50, 10);
          Operand predicted = w.output(DType.I32, 50, 1);
          Operand labels = w.integers(DType.U8, 0, 10, 50, 1);
          Expr right = Expr.intInput(0).eq(Expr.intInput(1));
          List<Command> stages =
              List.of(
                  reduce(Combiner.ARGMAX, X, predicted, logits),
                  Elementwise.of(
                      Expr.select(right, Expr.ONE, Expr.ZERO), w.output(50, 1), predicted, labels));
          return new Rows(logits.shape(), stages, List.of());
        });
  }

  private static Case largeLogits() {
    return Computation.one(
        "softmax of logits of ten thousand",
        Verb.CHAIN,
        Tolerance.COMPOSED,
        w -> softmax(w, w.uniform(-1e4, 1e4, 6, 10), true));
  }
}
