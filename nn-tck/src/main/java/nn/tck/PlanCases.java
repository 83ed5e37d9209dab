package nn.tck;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import nn.expr.CounterRandom;
import nn.expr.Expr;
import nn.expr.Program;

/** Lists compiled once and run many times, with everything that changes read from memory. */
final class PlanCases {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);

  private PlanCases() {}

  static List<Case> cases() {
    return List.of(
        Computation.compiled("an empty list", Tolerance.EXACT, w -> List.of(), 3),
        Computation.compiled("a list not run", Tolerance.EXACT, PlanCases::count, 0),
        Computation.compiled("a counter", Tolerance.EXACT, PlanCases::count, 1, 0, 5, 1),
        Computation.compiled("each result feeds the next", Tolerance.COMPOSED, PlanCases::chain, 3),
        Computation.compiled(
            "losses step by step", Tolerance.COMPOSED, PlanCases::descent, 1, 4, 2),
        Computation.compiled("a training step", Tolerance.COMPOSED, w -> training(w, 32, 20), 1, 3),
        Computation.compiled("a short batch", Tolerance.COMPOSED, w -> training(w, 1, 20), 2),
        Computation.compiled("dropout step by step", Tolerance.EXACT, PlanCases::dropout, 3),
        Computation.compiled("rows in a list", Tolerance.COMPOSED, PlanCases::rows, 2),
        new TimeCase());
  }

  /** Adds one to a counter. */
  private static Elementwise next(Operand counter) {
    return Elementwise.of(Expr.intInput(0).add(Expr.integer(1)), counter, counter);
  }

  private static List<Command> count(Workspace w) {
    return List.of(next(w.values(DType.I32, 40)));
  }

  /** A product, its row sums, and a map of both, again and again over the same buffers. */
  private static List<Command> chain(Workspace w) {
    Operand x = w.uniform(-0.5, 0.5, 17, 17);
    Operand product = w.output(17, 17);
    Operand sums = w.output(17, 1);
    Operand factor = w.uniform(-0.5, 0.5, 17, 17);
    return List.of(
        Gemm.of(x, factor, product),
        sum(product, List.of(1), sums),
        Elementwise.of(X.add(Y.mul(0.1)).tanh(), x, product, sums));
  }

  private static Reduce sum(Operand x, List<Integer> axes, Operand out) {
    return new Reduce(
        x.shape(), Program.of(X), List.of(Combiner.SUM), axes, List.of(x), List.of(out));
  }

  /** Gradient descent on x^2 with a rate for each step, and the loss of each step kept. */
  private static List<Command> descent(Workspace w) {
    Operand step = w.values(DType.I32, 0);
    Cursor each = new Cursor(step.buffer(), 1);
    Operand x = w.normal(65);
    Operand squares = w.scratch(65);
    Operand losses = w.output(10);
    Operand loss = losses.with(Layout.contiguous(Shape.of(1), 3)).movedBy(each);
    Operand rate = w.uniform(0.01, 0.3, 10).with(Layout.contiguous(Shape.of(1), 0)).movedBy(each);
    return List.of(
        Elementwise.of(X.square(), squares, x),
        sum(squares, List.of(0), loss),
        Elementwise.of(X.sub(X.mul(2).mul(Y)), x, x, rate),
        next(step));
  }

  /** One layer with softmax, trained on batches gathered from bytes. */
  private static List<Command> training(Workspace w, int batch, int inputs) {
    int classes = 5;
    Operand step = w.values(DType.I32, 0);
    Operand data = w.integers(DType.U8, 0, 256, 40, inputs);
    Operand order = w.integers(DType.I32, 0, 40, 6 * batch);
    Operand labels = w.integers(DType.U8, 0, classes, 40, 1);
    Operand chosen =
        order.with(Layout.contiguous(Shape.of(batch), 0)).movedBy(new Cursor(step.buffer(), batch));
    Operand x = w.scratch(batch, inputs);
    Operand weight = w.uniform(-0.2, 0.2, inputs, classes);
    Operand bias = w.uniform(-0.2, 0.2, 1, classes);
    Operand logits = w.output(batch, classes);
    Operand gradient = w.output(batch, classes);
    Operand dWeight = w.output(inputs, classes);
    Operand dBias = w.output(1, classes);
    List<Command> list = new ArrayList<>();
    list.add(Elementwise.of(X.mul(1 / 255.0), x, data.gather(chosen)));
    list.add(
        new Gemm(
            x,
            weight,
            Program.of(X.add(Y)),
            List.of(bias.broadcastTo(logits.shape())),
            List.of(logits)));
    list.add(softmaxGradient(w, logits, labels.gather(chosen), gradient));
    list.add(Gemm.of(x.with(x.layout().transpose()), gradient, dWeight));
    list.add(sum(gradient, List.of(0), dBias));
    list.add(Elementwise.of(X.sub(Y.mul(0.5)), weight, weight, dWeight));
    list.add(Elementwise.of(X.sub(Y.mul(0.5)), bias, bias, dBias));
    list.add(next(step));
    return list;
  }

  private static Command softmaxGradient(
      Workspace w, Operand logits, Operand labels, Operand gradient) {
    Shape shape = logits.shape();
    int batch = shape.dim(0);
    Operand max = w.scratch(batch, 1);
    Operand exp = w.scratch(shape.dims());
    Operand sum = w.scratch(batch, 1);
    Expr hit = Expr.index(1).eq(Expr.intInput(2));
    Expr error = X.div(Y).sub(Expr.select(hit, Expr.ONE, Expr.ZERO)).mul(1.0 / batch);
    List<Command> stages =
        List.of(
            new Reduce(
                shape,
                Program.of(X),
                List.of(Combiner.MAX),
                List.of(1),
                List.of(logits),
                List.of(max)),
            Elementwise.of(X.sub(Y).exp(), exp, logits, max),
            sum(exp, List.of(1), sum),
            Elementwise.of(error, gradient, exp, sum, labels));
    return new Rows(shape, stages, List.of(max, exp, sum));
  }

  /** The seed of each step is read from memory, so that no two masks are alike. */
  private static List<Command> dropout(Workspace w) {
    Operand step = w.values(DType.I32, 0);
    Operand seeds = w.anyIntegers(10);
    Operand seed =
        seeds.with(Layout.contiguous(Shape.of(1), 0)).movedBy(new Cursor(step.buffer(), 1));
    Expr uniform = CounterRandom.uniform(Expr.intInput(1), Expr.position());
    Expr kept = Expr.select(uniform.lt(Expr.constant(0.75)), X, Expr.ZERO);
    Operand masks = w.output(10, 207);
    Operand mask =
        masks.with(Layout.contiguous(Shape.of(207), 3)).movedBy(new Cursor(step.buffer(), 207));
    return List.of(Elementwise.of(kept, mask, w.normal(207), seed), next(step));
  }

  private static List<Command> rows(Workspace w) {
    Operand logits = w.normal(7, 33);
    Operand labels = w.integers(DType.I32, 0, 33, 7, 1);
    Operand gradient = w.output(7, 33);
    return List.of(
        softmaxGradient(w, logits, labels, gradient),
        Elementwise.of(X.sub(Y), logits, logits, gradient));
  }
}
